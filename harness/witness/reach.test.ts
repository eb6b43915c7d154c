import assert from 'node:assert/strict';
import { dependencyLate, dependencySilent } from './dependency.ts';
import { podsLate, podsSilent } from './network.ts';
import { injection, type Sight, waiting, worldOf } from './testing/observed.ts';

const answer = (subject: string, answered: boolean, ms: number): Sight => [
  'reach',
  'answer',
  subject,
  { answered, ms },
];
const wants = (desired: number, replicas: number): Sight => [
  'deployment',
  'modified',
  'db',
  { desired, replicas, available: replicas },
];
const later = { id: 'it', since: 500 };

describe('a dependency', () => {
  const off = { dependency: 'db', replicas: 1 };

  it('is off when it has no pods, and who asks it gets no answer', () =>
    assert.ok('saw' in dependencySilent(worldOf(wants(0, 0), answer('dependency', false, 3)), off, injection)));

  it('is not off by one of the two', () => {
    assert.match(waiting(dependencySilent(worldOf(answer('dependency', false, 3)), off, injection)), /no pods/);
    assert.match(
      waiting(dependencySilent(worldOf(wants(0, 1), answer('dependency', false, 3)), off, injection)),
      /no pods/,
    );
    assert.match(
      waiting(dependencySilent(worldOf(wants(0, 0), answer('dependency', true, 3)), off, injection)),
      /no more/,
    );
    assert.match(
      waiting(dependencySilent(worldOf(wants(0, 0), answer('dependency', false, 3)), off, later)),
      /no more/,
    );
  });

  it('is slow when it answers, and so late', () => {
    const plan = { delayMs: 500 };
    assert.ok('saw' in dependencyLate(worldOf(answer('dependency', true, 501)), plan, injection));
    for (const other of [answer('dependency', true, 2), answer('dependency', false, 501), answer('web-1', true, 501)])
      assert.match(waiting(dependencyLate(worldOf(other), plan, injection)), /after 500 ms/);
    assert.match(waiting(dependencyLate(worldOf(answer('dependency', true, 501)), plan, later)), /after 500 ms/);
  });
});

describe('a network', () => {
  it('is slow when every pod behind it answers late', () => {
    const plan = { nodes: [{ name: 'w1' }], pods: ['web-1', 'web-2'], delayMs: 200 };
    const late = answer('web-1', true, 250);
    assert.ok('saw' in podsLate(worldOf(late, answer('web-2', true, 201)), plan, injection));
    for (const other of [answer('web-2', true, 3), answer('web-2', false, 250)])
      assert.match(waiting(podsLate(worldOf(late, other), plan, injection)), /^web-2 to answer/);
    assert.match(waiting(podsLate(worldOf(), { ...plan, pods: [] }, injection)), /pods to answer/);
  });

  it('lets nobody in when no pod answers', () => {
    const plan = { pods: ['web-1'], labels: {} };
    assert.ok('saw' in podsSilent(worldOf(answer('web-1', false, 5000)), plan, injection));
    assert.match(waiting(podsSilent(worldOf(answer('web-1', true, 3)), plan, injection)), /web-1 to answer no more/);
    assert.match(waiting(podsSilent(worldOf(), plan, injection)), /web-1/);
  });
});
