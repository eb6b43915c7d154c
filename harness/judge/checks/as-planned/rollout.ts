import type { EvidenceLine } from '../../../model/finding.ts';
import { type Micros, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { namesIn, planOf } from '../../timeline/fault-plan.ts';
import type { PodHistory } from '../../timeline/pod-history.ts';
import type { FaultStep } from '../../timeline/timeline.ts';

/** How far the pod watch may differ from the list of pods that a rollout’s intent notes. */
const maxLag: Micros = msToMicros(1000);

/** A rollout replaces all pods of the old revision. No lines if the fault is not a rollout. */
export function replacedAsPlanned({ at, id, data }: FaultStep, { timeline }: ArmEvidence): EvidenceLine[] {
  const { from, oldPods } = planOf({ at, id, step: 'intent', data });
  if (typeof from !== 'string' || !Array.isArray(oldPods)) return [];
  const noted = new Set(namesIn(oldPods));
  const all = [...timeline.pods.values()].filter(({ seen }) => seen !== undefined);
  const pods = all.filter(({ revision }) => revision === from);
  // Before the first disruption there are no pods of another revision.
  const isFirst = !timeline.faults.some((other) => other.step === 'intent' && other.at < at);
  const spared = (isFirst ? all : pods).filter((pod) => stoodAt(pod, at, -maxLag) && !noted.has(pod.name));
  const missing = [...noted].filter((name) => !pods.some((pod) => pod.name === name && stoodAt(pod, at, maxLag)));
  return [
    ...spared.map(({ name }) => ({ at, text: `${id}: ${name} existed, but was not to be replaced` })),
    ...missing.map((name) => ({
      at,
      text: `${id}: ${name} was to be replaced, but there was no such pod of revision ${from}`,
    })),
  ];
}

/** Whether the pod existed, if the watch may be `late`. A negative value means: for certain. */
const stoodAt = ({ seen = 0, gone }: PodHistory, at: Micros, late: Micros): boolean =>
  seen <= at + late && (gone === undefined || gone > at - late);
