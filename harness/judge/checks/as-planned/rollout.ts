import type { EvidenceLine } from '../../../model/finding.ts';
import { type Micros, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { namesIn, planOf } from '../../timeline/fault-plan.ts';
import type { PodHistory } from '../../timeline/pod-history.ts';
import type { FaultStep } from '../../timeline/timeline.ts';

/** How far apart the API's list of pods, which a rollout notes, and the pod watch may be. */
const apart: Micros = msToMicros(1000);

/** A rollout is of all the pods that stood in the version it replaces. Nothing if the fault is no rollout. */
export function replacedAsPlanned({ at, id, data }: FaultStep, { timeline }: ArmEvidence): EvidenceLine[] {
  const { from, oldPods } = planOf({ at, id, step: 'intent', data });
  if (typeof from !== 'string' || !Array.isArray(oldPods)) return [];
  const noted = new Set(namesIn(oldPods));
  const all = [...timeline.pods.values()].filter(({ seen }) => seen !== undefined);
  const pods = all.filter(({ version }) => version === from);
  // Before anything else is done no pod of another version can stand.
  const isFirst = !timeline.faults.some((other) => other.step === 'intent' && other.at < at);
  const spared = (isFirst ? all : pods).filter((pod) => stoodAt(pod, at, -apart) && !noted.has(pod.name));
  const strange = [...noted].filter((name) => !pods.some((pod) => pod.name === name && stoodAt(pod, at, apart)));
  return [
    ...spared.map(({ name }) => ({ at, text: `${id}: ${name} stood, and was not to be replaced` })),
    ...strange.map((name) => ({
      at,
      text: `${id}: ${name} was to be replaced, and is no pod of version ${from} that stood`,
    })),
  ];
}

/** Whether it was there, by a pod watch that may be so late. Negative: for certain. */
const stoodAt = ({ seen = 0, gone }: PodHistory, at: Micros, late: Micros): boolean =>
  seen <= at + late && (gone === undefined || gone > at - late);
