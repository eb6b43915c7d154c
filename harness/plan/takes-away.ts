import { isDeepStrictEqual } from 'node:util';
import { factsOf } from '../guarantees/facts.ts';
import { guaranteeNamed } from '../guarantees/registry.ts';
import { underTest } from '../guarantees/under-test.ts';
import type { Change } from '../model/change.ts';
import type { Workload } from '../model/experiment.ts';
import type { Facts } from '../model/facts.ts';
import { UsageError } from '../model/usage-error.ts';
import { objectsOf } from './workload.ts';

/**
 * Throws `UsageError` if a change of `own` takes away what the workload with all changes before it does not give, or
 * gives by the API’s default anyway. Such an arm would prove nothing.
 */
export function assertTakesAway(workload: Workload, shared: readonly Change[], own: readonly Change[]): void {
  own.forEach((change, index) => {
    if (!('without' in change)) return;
    const before = [...shared, ...own.slice(0, index)];
    const guarantee = guaranteeNamed(change.without);
    const [given, left] = [before, [...before, change]].map((changes) => factOf(workload, changes, change.without));
    if (guarantee && isDeepStrictEqual(given, left))
      throw new UsageError(
        `it removes ${guarantee.name}, but that changes nothing: the workload already has ${guarantee.words(given as never)}`,
      );
  });
}

function factOf(workload: Workload, changes: readonly Change[], name: string): unknown {
  const objects = objectsOf(workload, changes);
  return factsOf(objects, underTest(objects, workload.serves))[name as keyof Facts];
}
