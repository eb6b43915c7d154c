import { digestOf } from '../model/digest.ts';
import { experimentIdentity } from '../model/experiment-identity.ts';
import type { ArmFindings, RecordingOrigin } from '../model/finding.ts';
import type { ExperimentPlan, RunPlan } from '../model/plan.ts';

const named: { readonly [part in keyof RecordingOrigin]: string } = {
  run: 'run',
  experiment: 'experiment',
  cluster: 'cluster',
  profile: 'lab profile',
};
const parts = Object.keys(named) as (keyof RecordingOrigin)[];

/**
 * Sentences about recordings that are not part of this run and experiment, or were made on different clusters. Older
 * recordings do not name their run. If no arm names it, nothing is checked.
 */
export function foreignRecordings(
  { run, lab }: Pick<RunPlan, 'run' | 'lab'>,
  experiment: ExperimentPlan,
  arms: readonly ArmFindings[],
): string[] {
  const recorded = arms.flatMap(({ name, recorded }) => (recorded ? [{ name, origin: recorded.origin }] : []));
  const [first] = recorded;
  const expected: RecordingOrigin = {
    run,
    experiment: experimentIdentity(experiment),
    cluster: first?.origin?.cluster ?? '',
    profile: digestOf(lab),
  };
  if (!first || recorded.every(({ origin }) => origin === undefined)) return [];
  return recorded.flatMap(({ name, origin }) => {
    if (!origin) return [`${name} does not name its run, but other arms do`];
    return parts.flatMap((part) =>
      origin[part] === expected[part]
        ? []
        : [`${name} was recorded ${part === 'cluster' ? 'on' : 'in'} another ${named[part]}`],
    );
  });
}
