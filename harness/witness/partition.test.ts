import assert from 'node:assert/strict';
import { cardDown, cutOff } from './partition.ts';
import { engine, injection, node, waiting, worldOf } from './sights.fake.ts';

describe('a partition has landed', () => {
  const plan = { nodes: [{ name: 'w1' }], way: 'all', apiServer: '10.0.0.2' } as const;

  it('when the node is not Ready, and runs', () => {
    assert.deepEqual(cutOff(worldOf(node('w1', 'Unknown')), plan, injection), {
      saw: 'w1 cut off: running, and not Ready',
    });
    assert.ok('saw' in cardDown(worldOf(node('w1', 'Unknown')), plan, injection));
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
