import { isDeepStrictEqual } from 'node:util';
import type { Disruption } from '../../../model/experiment.ts';
import type { EvidenceLine } from '../../../model/finding.ts';
import { between, counted, exactSeconds } from '../../../model/number-words.ts';
import { type Json, type Micros, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import type { FaultStep } from '../../timeline/timeline.ts';
import { parametersAsPlanned } from './parameters.ts';
import { replacedAsPlanned } from './rollout.ts';

/** The steps of a disruption in their order. */
const steps = ['intent', 'injected', 'landed', 'healed'] as const;

/** A timer may fire slightly early. */
const early: Micros = msToMicros(100);

/** Every planned disruption and no other was done: once, on time, with its parameters, on the pods that existed. */
export function disruptionsAsPlanned(evidence: ArmEvidence): EvidenceLine[] {
  const { plan, timeline } = evidence;
  const planned = new Set(plan.disruptions.map(({ id }) => id));
  const unplanned = new Map(timeline.faults.filter(({ id }) => !planned.has(id)).map((step) => [step.id, step]));
  return [
    ...[...unplanned.values()].map(({ at, id }) => ({ at, text: `${id} was done but not planned` })),
    ...plan.disruptions.flatMap((each) => asPlanned(each, evidence)),
    ...changedBefore(evidence),
  ];
}

function asPlanned(disruption: Disruption, evidence: ArmEvidence): EvidenceLine[] {
  const own = evidence.timeline.faults.filter(({ id }) => id === disruption.id);
  const lines: EvidenceLine[] = [];
  let before: FaultStep | undefined;
  for (const step of steps) {
    const [noted, again] = own.filter((each) => each.step === step);
    if (again) lines.push({ at: again.at, text: `${disruption.id} was ${stepWords[step]} twice` });
    if (noted && before && noted.at < before.at)
      lines.push({
        at: noted.at,
        text: `${disruption.id} was ${stepWords[step]} before it was ${stepWords[stepOf(before)]}`,
      });
    before = noted ?? before;
  }
  const intent = own.find(({ step }) => step === 'intent');
  if (!intent) return lines;
  return [
    ...lines,
    ...momentAsPlanned(disruption, intent.at, evidence),
    ...heldAsPlanned(disruption, own, evidence),
    ...parametersAsPlanned(disruption, intent, evidence),
    ...replacedAsPlanned(intent, evidence),
  ];
}

const stepWords = { intent: 'begun', injected: 'injected', landed: 'seen to land', healed: 'undone' } as const;
const stepOf = ({ step }: FaultStep): (typeof steps)[number] => steps.find((each) => each === step) ?? 'intent';

/** A disruption never begins before its planned time. It may begin later, because choosing targets takes time. */
function momentAsPlanned({ id, when }: Disruption, intent: Micros, evidence: ArmEvidence): EvidenceLine[] {
  if ('readyAtMost' in when) return fewEnoughReady(id, when, intent, evidence);
  const { timeline, phases } = evidence;
  const from =
    'after' in when
      ? timeline.faults.find(({ id: other, step }) => other === when.after && step === when.event)?.at
      : phases.fault.from;
  const waits = 'after' in when ? when.delayMs : when.atMs;
  if (from === undefined)
    return [{ at: intent, text: `${id} began, but the event that it was to wait for never happened` }];
  if (intent >= from + msToMicros(waits) - early) return [];
  return [{ at: intent, text: `${id} began ${between(from, intent)} into its wait of ${exactSeconds(waits)}` }];
}

function fewEnoughReady(
  id: string,
  { readyAtMost }: { readonly readyAtMost: number },
  intent: Micros,
  { timeline, phases }: ArmEvidence,
): EvidenceLine[] {
  const few = timeline.endpoints
    .during(phases.fault.from, intent)
    .some(({ ready }) => new Set(ready).size <= readyAtMost);
  return few
    ? []
    : [{ at: intent, text: `${id} began, but more than ${counted(readyAtMost, 'endpoint')} were ready until then` }];
}

/** The disruption lasts as long as planned. */
export function heldAsPlanned(
  { id, until }: Disruption,
  own: readonly FaultStep[],
  { timeline }: ArmEvidence,
): EvidenceLine[] {
  if (!until) return [];
  const at = (name: string) => own.find(({ step }) => step === name)?.at;
  const [landed, healed] = [at('landed'), at('healed')];
  if (landed === undefined || healed === undefined) return [];
  if ('ms' in until) {
    if (healed >= landed + msToMicros(until.ms) - early) return [];
    return [
      {
        at: healed,
        text: `${id} was undone ${between(landed, healed)} after it landed, planned ${exactSeconds(until.ms)}`,
      },
    ];
  }
  if ('after' in until) {
    const event = timeline.faults.find(({ id: other, step }) => other === until.after && step === until.event)?.at;
    if (event === undefined)
      return [{ at: healed, text: `${id} was undone, but the event that it was to last until never happened` }];
    if (healed >= event + msToMicros(until.delayMs) - early) return [];
    const words = `${exactSeconds(until.delayMs)} had passed since ${until.after} was ${stepWords[until.event]}`;
    return [{ at: healed, text: `${id} was undone before ${words}` }];
  }
  const waited = own.find(({ step }) => step === 'recovered' || step === 'not-recovered');
  if (!waited) return [{ at: healed, text: `${id} was undone, but no event says whether the workload recovered` }];
  const readyAtLeast =
    waited.step === 'recovered' ? (waited.data as { readyAtLeast?: Json } | null)?.readyAtLeast : undefined;
  if (readyAtLeast === undefined || isDeepStrictEqual(readyAtLeast, until.readyAtLeast)) return [];
  return [
    { at: waited.at, text: `${id} lasted until ${readyAtLeast} endpoints were ready, planned ${until.readyAtLeast}` },
  ];
}

/**
 * From warm-up to the first injection no pod is added or terminated. Such a change is not an effect of a disruption.
 */
function changedBefore({ timeline, phases }: ArmEvidence): EvidenceLine[] {
  const intent = timeline.faults.find(({ step }) => step === 'intent')?.at;
  if (intent === undefined) return [];
  const before = (at: Micros | undefined): at is Micros => at !== undefined && at >= phases.warmup.from && at < intent;
  return [...timeline.pods.values()].flatMap(({ name, seen, terminating, gone }) => {
    if (before(seen)) return [{ at: seen, text: `${name} appeared before anything was done` }];
    const went = terminating ?? gone;
    return before(went) ? [{ at: went, text: `${name} was terminated before anything was done` }] : [];
  });
}
