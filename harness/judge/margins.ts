import type { PodMarginKind } from '../model/experiment.ts';
import type { BudgetMargin, Margins, PodMargin } from '../model/finding.ts';
import type { ArmEvidence } from './evidence/arm-evidence.ts';
import { podMargins, type Spare } from './pod-margins.ts';
import { secondsInWords } from './words.ts';

/** What each pod that has such a margin had to spare, the closest first. */
export function sparesOf(kind: PodMarginKind, evidence: ArmEvidence): (Spare & { readonly pod: string })[] {
  return [...evidence.timeline.pods.values()]
    .flatMap((pod) => {
      const found = podMargins[kind](pod, evidence);
      return found ? [{ pod: pod.name, ...found }] : [];
    })
    .sort((one, other) => one.ms - other.ms);
}

function podMargin(kind: PodMarginKind, evidence: ArmEvidence): PodMargin | undefined {
  const spares = sparesOf(kind, evidence);
  const [closest] = spares;
  return closest && { smallestMs: closest.ms, pod: closest.pod, at: closest.at, pods: spares.length };
}

/** From baseline to the end of the fault. */
function budgetMargin({ timeline, phases }: ArmEvidence): BudgetMargin | undefined {
  const [closest] = timeline.budgets
    .during(phases.baseline.from, phases.fault.to)
    .map(({ at, state: { currentHealthy: healthy, desiredHealthy: desired } }) => ({
      smallest: healthy - desired,
      healthy,
      desired,
      at,
    }))
    .sort((one, other) => one.smallest - other.smallest);
  return closest;
}

/** How close it was. */
export function marginsOf(evidence: ArmEvidence): Margins {
  const of = (kind: PodMarginKind) => podMargin(kind, evidence);
  const [close, listen, grace, budget] = [of('close'), of('listen'), of('grace'), budgetMargin(evidence)];
  return { ...(close && { close }), ...(listen && { listen }), ...(grace && { grace }), ...(budget && { budget }) };
}

/** The smallest margins of an arm's pods around the moments at which traffic begins and ends. Empty where none was measured. */
export function marginsInWords({ close, listen }: Margins): string {
  const words: string[] = [];
  if (close) {
    const order = close.smallestMs < 0 ? 'before' : 'after';
    words.push(`${close.pod} closed its listener ${secondsInWords(close.smallestMs)} ${order} it was last routed to`);
  }
  if (listen) {
    const order = listen.smallestMs < 0 ? 'before' : 'after';
    words.push(`${listen.pod} got its first connection ${secondsInWords(listen.smallestMs)} ${order} it listened`);
  }
  return words.length > 0 ? `closest: ${words.join('; ')}` : '';
}
