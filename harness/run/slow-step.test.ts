import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { slowStep } from './slow-step.ts';

describe('a step that is shown if it is slow', () => {
  let steps: string[];
  beforeEach(() => {
    steps = [];
  });
  const progress = {
    async step<T>(title: string, work: () => Promise<T>): Promise<T> {
      steps.push(`${title} begins`);
      try {
        return await work();
      } finally {
        steps.push(`${title} ends`);
      }
    },
  };

  it('is not shown if the work is done before', async () => {
    assert.equal(await slowStep(progress, 'judge', async () => 'done', 60_000), 'done');
    await assert.rejects(
      slowStep(progress, 'judge', () => Promise.reject(new Error('damaged')), 60_000),
      /damaged/,
    );
    assert.deepEqual(steps, []);
  });

  it('is shown from then on, and the work is done once', async () => {
    let times = 0;
    const work = async () => {
      times++;
      await wait(60);
      return 'done';
    };
    assert.equal(await slowStep(progress, 'judge', work, 5), 'done');
    assert.deepEqual(steps, ['judge begins', 'judge ends']);
    assert.equal(times, 1);
  });

  it('ends with the error of the work', async () => {
    const failing = () => wait(60).then(() => Promise.reject(new Error('interrupted')));
    await assert.rejects(slowStep(progress, 'judge', failing, 5), /interrupted/);
    assert.deepEqual(steps, ['judge begins', 'judge ends']);
  });
});
