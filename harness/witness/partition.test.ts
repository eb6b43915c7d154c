import assert from 'node:assert/strict';
import { cardDown, cutOff } from './partition.ts';
import { engine, injection, node, type ObservedEvent, observedOf, waiting } from './testing/observed.ts';

describe('a partition has landed', () => {
  const plan = { nodes: [{ name: 'w1' }], way: 'all', apiServer: '10.0.0.2' } as const;

  it('when the node is not Ready, and runs', () => {
    assert.deepEqual(cutOff(observedOf(node('w1', 'Unknown')), plan, injection), {
      saw: 'w1 cut off: running, and not Ready',
    });
    assert.ok('saw' in cardDown(observedOf(node('w1', 'Unknown')), plan, injection));
  });

  describe('whose pods are probed', () => {
    const asked = (answered: boolean): ObservedEvent => ['reach', 'answer', 'web-1', { answered, ms: 3 }];
    const seen = (way: 'in' | 'out' | 'all' | 'api-server', ...events: ObservedEvent[]) =>
      cutOff(observedOf(node('w1', 'Unknown'), ...events), { ...plan, way, pods: ['web-1'] }, injection);

    it('when they no longer answer, in any direction of the partition', () => {
      for (const way of ['in', 'out', 'all'] as const) {
        assert.deepEqual(seen(way, asked(false)), {
          saw: 'w1 cut off: running, and not Ready; web-1 no longer answer',
        });
        assert.match(waiting(seen(way, asked(true))), /web-1 to stop answering/);
        assert.match(waiting(seen(way)), /web-1 to stop answering/);
      }
    });

    it('from the API server only while they answer', () => {
      assert.deepEqual(seen('api-server', asked(true)), {
        saw: 'w1 cut off from the API server: running, and not Ready; web-1 still answer',
      });
      assert.match(waiting(seen('api-server', asked(false))), /web-1 to keep answering/);
    });
  });

  it('not if its rules were not applied, so that the node still reports', () =>
    assert.match(waiting(cutOff(observedOf(node('w1', 'True')), plan, injection)), /w1 to run and be not Ready/));

  it('not if no watch has seen the node', () =>
    assert.match(waiting(cutOff(observedOf(), plan, injection)), /w1 to run/));

  it('not if the node was powered off or frozen instead', () => {
    for (const state of ['exited', 'paused'])
      assert.match(
        waiting(cutOff(observedOf(engine('w1', state), node('w1', 'Unknown')), plan, injection)),
        /w1 to run/,
      );
  });

  it('not without a node', () =>
    assert.match(waiting(cutOff(observedOf(), { ...plan, nodes: [] }, injection)), /a node to run/));
});
