import assert from 'node:assert/strict';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import { Timeline } from '../timeline/timeline.ts';
import { watched } from './watched.ts';

const phase = { from: 0, to: 100_000_000 };
const phases = { warmup: phase, baseline: phase, fault: phase, tail: phase };

/** An arm with that fault, in which the API server was down from second 10 to 20, and a watch had a gap. */
function asked(fault: string, gapAtSecond: number): string {
  const timeline = new Timeline();
  const api = (second: number, ready: boolean) =>
    timeline.see({
      at: second * 1_000_000,
      source: 'api-server',
      type: ready ? 'ready' : 'down',
      subject: 'api-server',
      data: { ready, reason: '' },
    });
  api(0, true);
  api(10, false);
  api(20, true);
  const at = gapAtSecond * 1_000_000;
  timeline.see({ at, source: 'watch', type: 'gap', subject: 'lease', data: {} });
  const plan = { disruptions: [{ fault: { name: fault } }] };
  return watched.ask({ plan, timeline, phases, generators: [] } as unknown as ArmEvidence).measured;
}

describe('a gap in a watch', () => {
  it('is excused while the API server is away on purpose, and until it is listed anew', () => {
    for (const second of [10, 15, 24]) assert.doesNotMatch(asked('api-server-down', second), /a gap/);
    assert.doesNotMatch(asked('control-plane-stop', 21), /a gap/);
  });

  it('is a doubt at any other time, or where nobody meant the API server to be away', () => {
    for (const second of [5, 26]) assert.match(asked('api-server-down', second), /a gap in the lease watch/);
    assert.match(asked('rollout', 15), /a gap in the lease watch/);
  });
});
