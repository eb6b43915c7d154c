import { between } from '../../model/number-words.ts';
import type { Attribution, FailureCase } from './failure-case.ts';

/** Causes that end when the endpoint is removed. */
const waitsForEndpoints: ReadonlySet<Attribution['cause']> = new Set<Attribution['cause']>([
  'no-endpoint',
  'node-down',
  'terminated-still-routed',
  'crash-window',
  'not-listening-yet',
]);

/** Adds to a cause that the API server was down, so the endpoints could not be updated. */
export function withFrozenControlPlane(found: Attribution, { request, timeline }: FailureCase): Attribution {
  if (!waitsForEndpoints.has(found.cause)) return found;
  const down = timeline.apiServer
    .spans()
    .find(({ state, from, to }) => state === 'down' && from <= request.start && (to ?? request.start) >= request.start);
  if (!down) return found;
  return {
    ...found,
    words: `${found.words}; the API server had been down for ${between(down.from, request.start)}, and the endpoints were frozen`,
    evidence: () => [{ at: down.from, text: 'the API server did not answer' }, ...found.evidence()],
  };
}
