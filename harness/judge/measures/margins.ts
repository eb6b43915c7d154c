import type { PodMarginKind } from '../../model/experiment.ts';
import type { BudgetMargin, Margins, PodMargin } from '../../model/finding.ts';
import { exactSeconds } from '../../model/number-words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { podMargins, type Spare } from './pod-margins.ts';

interface PodSpare extends Spare {
  readonly pod: string;
  readonly ip: string;
}

/** What each pod had to spare for this margin, as far as it was seen, the smallest first. */
function sparesSeen(kind: PodMarginKind, evidence: ArmEvidence): PodSpare[] {
  return [...evidence.timeline.pods.values()]
    .flatMap((pod) => {
      const found = podMargins[kind](pod, evidence);
      return found ? [{ pod: pod.name, ip: pod.ip, ...found }] : [];
    })
    .sort((one, other) => one.ms - other.ms);
}

/**
 * What each pod certainly had to spare, the smallest first. If a rule may have existed after the last connection, only
 * a pod whose connections alone were too late is certain.
 */
export function sparesOf(kind: PodMarginKind, evidence: ArmEvidence): PodSpare[] {
  const spares = sparesSeen(kind, evidence);
  const open = kind === 'close' && spares.some(({ ip }) => evidence.rules.of(ip) === 'unknown');
  return open ? spares.filter(({ ms }) => ms < 0) : spares;
}

function podMargin(kind: PodMarginKind, evidence: ArmEvidence): PodMargin | undefined {
  const spares = sparesSeen(kind, evidence);
  const [closest] = spares;
  return closest && { smallestMs: closest.ms, pod: closest.pod, at: closest.at, pods: spares.length };
}

/** The budget’s margin from the baseline to the end of the fault phase. */
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

/** All margins of an arm. */
export function marginsOf(evidence: ArmEvidence): Margins {
  const of = (kind: PodMarginKind) => podMargin(kind, evidence);
  const [close, listen, grace, budget] = [of('close'), of('listen'), of('grace'), budgetMargin(evidence)];
  return { ...(close && { close }), ...(listen && { listen }), ...(grace && { grace }), ...(budget && { budget }) };
}

/** The smallest margins of an arm’s pods when traffic begins and ends, in words. Empty if none was measured. */
export function marginsInWords({ close, listen }: Margins, { rules }: Pick<ArmEvidence, 'rules'>): string {
  const words: string[] = [];
  if (close) {
    const order = close.smallestMs < 0 ? 'before' : 'after';
    const end = rules.known ? 'it was last routed to' : 'its last connection';
    words.push(`${close.pod} closed its listener ${exactSeconds(close.smallestMs)} ${order} ${end}`);
  }
  if (listen) {
    const order = listen.smallestMs < 0 ? 'before' : 'after';
    words.push(`${listen.pod} got its first connection ${exactSeconds(listen.smallestMs)} ${order} it listened`);
  }
  return words.length > 0 ? `closest: ${words.join('; ')}` : '';
}
