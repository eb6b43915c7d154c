import type { Cause } from '../model/cause.ts';

/** The number of failures that findings keep in full. The counts include all failures. */
const failuresKept = 1000;

/**
 * Selects the first and the last failure of each cause, and others spread over all of them, in order of their start.
 */
export function sampleFailures<Failure extends { readonly cause: Cause }>(
  failures: readonly Failure[],
  most = failuresKept,
): readonly Failure[] {
  if (failures.length <= most) return failures;
  const edges = new Map<string, { readonly first: Failure; readonly last: Failure }>();
  for (const failure of failures) {
    edges.set(failure.cause, { first: edges.get(failure.cause)?.first ?? failure, last: failure });
  }
  const chosen = new Set([...edges.values()].flatMap(({ first, last }) => [first, last]));
  const others = failures.filter((failure) => !chosen.has(failure));
  const room = Math.max(0, most - chosen.size);
  for (let place = 0; place < room; place++) {
    const failure = others[Math.floor((place * others.length) / room)];
    if (failure) chosen.add(failure);
  }
  return failures.filter((failure) => chosen.has(failure));
}
