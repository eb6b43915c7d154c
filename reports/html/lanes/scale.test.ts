import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ArmFindings, ArmStory } from '../../../harness/model/finding.ts';
import { passingRun } from '../../testing/rollout-runs.ts';
import { placed, roundUp, sharedWindow, tickLabel, ticks, timeScale } from './scale.ts';

let arms: readonly ArmFindings[];
let story: ArmStory;

describe('the time scale', () => {
  before(async () => {
    arms = (await passingRun()).experiments.flatMap((experiment) => experiment.arms);
    story = arms.flatMap((arm) => arm.story ?? [])[0] ?? assert.fail();
  });

  it('gives all arms the same axis, long enough for each', () => {
    const window = sharedWindow(arms);
    for (const each of arms.flatMap((arm) => arm.story ?? [])) {
      assert.ok(each.phases.baseline.from >= each.zero - window.before);
      assert.ok(each.phases.tail.to <= each.zero + window.after);
    }
  });

  it('clamps every time to the chart', () => {
    const scale = timeScale(story, sharedWindow(arms), 1000);
    fc.assert(fc.property(fc.maxSafeInteger(), (at) => scale.x(at) >= 0 && scale.x(at) <= 1000));
    assert.equal(scale.x(scale.from), 0);
    assert.equal(scale.x(scale.to), 1000);
  });

  it('ends open intervals with the recording, and drops those outside it', () => {
    const scale = timeScale(story, sharedWindow(arms), 1000);
    const open = placed(scale, { from: scale.zero });
    assert.equal(open && open.x + open.width, scale.x(scale.end));
    assert.equal(placed(scale, { from: scale.from - 10, to: scale.from - 5 }), undefined);
    assert.equal(placed(scale, { from: scale.to + 5 }), undefined);
  });

  it('draws nothing after the end of an arm’s recording, even if another arm is longer', () => {
    assert.ok(story);
    const { before, after } = sharedWindow(arms);
    const scale = timeScale(story, { before, after: 2 * after }, 1000);
    assert.equal(scale.end, story.phases.tail.to);
    for (const to of [undefined, scale.end + 5e6, scale.to]) {
      const span = placed(scale, { from: scale.zero, ...(to !== undefined && { to }) });
      assert.ok(span && Math.abs(span.x + span.width - scale.x(scale.end)) < 0.001);
      assert.equal(span.open, to === undefined);
    }
    assert.equal(placed(scale, { from: scale.end, to: scale.to }), undefined);
  });

  it('labels round steps, including zero', () => {
    assert.deepEqual(ticks(10_000, 30_000, 10), [-10, -5, 0, 5, 10, 15, 20, 25, 30]);
    assert.deepEqual(ticks(300, 500, 10), [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    assert.deepEqual([-5, 0, 15].map(tickLabel), ['−5', '0', '+15']);
  });

  it('rounds the top of an axis up', () => {
    assert.deepEqual([0, 1, 7, 14, 160, 2_001].map(roundUp), [1, 1, 8, 15, 200, 3_000]);
  });
});
