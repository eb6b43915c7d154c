import assert from 'node:assert/strict';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { Timeline } from '../timeline/timeline.ts';
import { noWatchGaps } from './no-watch-gaps.ts';

const phase = { from: 0, to: 100_000_000 };
const phases = { warmup: phase, baseline: phase, fault: phase, tail: phase };

/**
 * An arm with a fault that may interrupt watches. The API server was down from second 10 to 20, and a watch had a gap.
 */
function asked(silencesWatches: boolean, gapAtSecond: number): string {
  const timeline = new Timeline();
  const api = (second: number, ready: boolean) =>
    timeline.see({
      at: second * 1_000_000,
      source: 'api-server',
      type: ready ? 'ready' : 'down',
      subject: 'api-server',
      data: { ready, reason: '' },
    });
  timeline.see({ at: 9_000_000, source: 'fault', type: 'intent', subject: 'it', data: { silencesWatches } });
  api(0, true);
  api(10, false);
  api(20, true);
  const at = gapAtSecond * 1_000_000;
  timeline.see({ at, source: 'watch', type: 'gap', subject: 'lease', data: {} });
  return noWatchGaps.ask({ timeline, phases, generators: [], unheard: [] } as unknown as ArmEvidence).measured;
}

describe('a gap in a watch', () => {
  it('is excused while a disruption keeps the API server down, and until the watch has listed again', () => {
    for (const second of [10, 15, 24]) assert.doesNotMatch(asked(true, second), /a gap/);
  });

  it('is a doubt at any other time, or if no disruption was to keep the API server down', () => {
    for (const second of [5, 26]) assert.match(asked(true, second), /a gap in the lease watch/);
    assert.match(asked(false, 15), /a gap in the lease watch/);
  });
});

describe('a watch that always runs', () => {
  it('is doubted if it reported nothing before the baseline', () => {
    const evidence = { timeline: new Timeline(), phases, generators: [], unheard: ['node', 'lease'] };
    const { verdict, measured } = noWatchGaps.ask(evidence as unknown as ArmEvidence);
    assert.equal(verdict, 'inconclusive');
    assert.match(measured, /^the node watch recorded nothing before the baseline and the lease watch/);
  });
});
