import assert from 'node:assert/strict';
import { cardDown, cutOff } from './partition.ts';
import { engine, injection, node, type Sight, waiting, worldOf } from './testing/observed.ts';

describe('a partition has landed', () => {
  const plan = { nodes: [{ name: 'w1' }], way: 'all', apiServer: '10.0.0.2' } as const;

  it('when the node is not Ready, and runs', () => {
    assert.deepEqual(cutOff(worldOf(node('w1', 'Unknown')), plan, injection), {
      saw: 'w1 cut off: running, and not Ready',
    });
    assert.ok('saw' in cardDown(worldOf(node('w1', 'Unknown')), plan, injection));
  });

  describe('whose pods are asked', () => {
    const asked = (answered: boolean): Sight => ['reach', 'answer', 'web-1', { answered, ms: 3 }];
    const seen = (way: 'in' | 'out' | 'all' | 'api-server', ...sights: Sight[]) =>
      cutOff(worldOf(node('w1', 'Unknown'), ...sights), { ...plan, way, pods: ['web-1'] }, injection);

    it('when they answer no more, whichever way packets are dropped', () => {
      for (const way of ['in', 'out', 'all'] as const) {
        assert.deepEqual(seen(way, asked(false)), {
          saw: 'w1 cut off: running, and not Ready; web-1 answer no more',
        });
        assert.match(waiting(seen(way, asked(true))), /web-1 to answer no more/);
        assert.match(waiting(seen(way)), /web-1 to answer no more/);
      }
    });

    it('from the API server alone only while they answer', () => {
      assert.deepEqual(seen('api-server', asked(true)), {
        saw: 'w1 cut off from the API server: running, and not Ready; web-1 answer all the same',
      });
      assert.match(waiting(seen('api-server', asked(false))), /web-1 to answer all the same/);
    });
  });

  it('not where its rules were not applied, so that the node goes on reporting', () =>
    assert.match(waiting(cutOff(worldOf(node('w1', 'True')), plan, injection)), /w1 to run and be not Ready/));

  it('not by a watch that knows nothing of the node', () =>
    assert.match(waiting(cutOff(worldOf(), plan, injection)), /w1 to run/));

  it('not where the node was powered off or frozen instead', () => {
    for (const state of ['exited', 'paused'])
      assert.match(waiting(cutOff(worldOf(engine('w1', state), node('w1', 'Unknown')), plan, injection)), /w1 to run/);
  });

  it('not of no node at all', () =>
    assert.match(waiting(cutOff(worldOf(), { ...plan, nodes: [] }, injection)), /a node to run/));
});
