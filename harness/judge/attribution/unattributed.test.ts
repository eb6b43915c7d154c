import assert from 'node:assert/strict';
import { Timeline } from '../timeline/timeline.ts';
import type { FailureCase } from './failure-case.ts';
import { unattributed } from './unattributed.ts';

/** What is said of a refused request with this route. */
const said = (route: object): string =>
  unattributed(
    {
      request: { id: 'fresh-1', code: 1212, status: 0, err: '', sport: 4000, start: 1e6, end: 1.001e6 },
      route,
      timeline: new Timeline(),
    } as unknown as FailureCase,
    [],
  ).words;

describe('a failure without a known cause', () => {
  it('comes with what is known of its route', () => {
    assert.match(
      said({ kind: 'stranger', ip: '10.0.0.9' }),
      /: conntrack sent it to 10\.0\.0\.9, which no watch knows$/,
    );
    assert.match(said({ kind: 'no-connection' }), /: conntrack saw no connection from source port 4000$/);
    assert.match(said({ kind: 'unknown' }), /: neither connections nor endpoints were recorded$/);
  });
});
