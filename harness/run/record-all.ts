import { armOf } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import type { Ms } from '../model/units.ts';
import { Series } from './series.ts';
import type { PlannedArm, RunSession } from './session.ts';

/** A time of `performance.now()`. */
type Moment = Ms;

/**
 * Records the arms one after another. Repeats for a claim run only while they are needed and while there is time for
 * all other arms. The first error ends the run and is returned, because what was recorded is still judged.
 */
export async function recordAll(
  { arms, record }: Pick<RunSession, 'arms' | 'record'>,
  progress: Progress,
  endsAt: Moment = Number.POSITIVE_INFINITY,
): Promise<unknown> {
  progress.plan(arms.map(titleOf));
  const all = new Map<string, Series>();
  const cutShort = new Set<Series>();
  let longest: Ms = 0;
  for (const [index, planned] of arms.entries()) {
    const series = all.get(keyOf(planned)) ?? seriesOf(planned);
    const again = all.has(keyOf(planned));
    if (series) all.set(keyOf(planned), series);
    if (series && again && (series.needed === 0 || cutShort.has(series))) continue;
    if (series && again && performance.now() + longest * (1 + stillToRun(arms.slice(index + 1), all)) > endsAt) {
      progress.note(`  ${keyOf(planned)} is not repeated: too little time is left before the deadline`);
      cutShort.add(series);
      continue;
    }
    const began = performance.now();
    try {
      const { measured, verdict } = await progress.step(titleOf(planned), () => record(planned));
      progress.note(`  ${measured}`);
      series?.add(verdict);
      if (series) progress.note(`  ${series.words}`);
    } catch (error) {
      return error;
    }
    longest = Math.max(longest, performance.now() - began);
  }
  return undefined;
}

/** The number of arms that must still run: all except further repeats for a claim. */
function stillToRun(later: readonly PlannedArm[], begun: ReadonlyMap<string, Series>): number {
  const once = new Set([...begun.keys()]);
  return later.filter((planned) => {
    if (!seriesOf(planned)) return true;
    const first = !once.has(keyOf(planned));
    once.add(keyOf(planned));
    return first;
  }).length;
}

const titleOf = ({ experiment, arm }: PlannedArm): string => `${experiment.name} ${arm.name}`;
const keyOf = ({ experiment, arm }: PlannedArm): string => `${experiment.name} ${armOf(arm)}`;

/** A series for the treatments of a claim; undefined for other arms. */
const seriesOf = ({ arm, plan: { until } }: PlannedArm): Series | undefined =>
  until && arm.role === 'treatment' && arm.disruptions.length > 0 ? new Series(until, arm.disruptions) : undefined;
