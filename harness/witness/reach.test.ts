import assert from 'node:assert/strict';
import { dependencyLate, dependencySilent } from './dependency.ts';
import { podsLate, podsSilent } from './network.ts';
import { injection, type ObservedEvent, observedOf, waiting } from './testing/observed.ts';

const answer = (subject: string, answered: boolean, ms: number): ObservedEvent => [
  'reach',
  'answer',
  subject,
  { answered, ms },
];
const wants = (desired: number, replicas: number): ObservedEvent => [
  'deployment',
  'modified',
  'db',
  { desired, replicas, available: replicas },
];
const later = { id: 'it', since: 500 };

describe('a dependency', () => {
  const off = { dependency: 'db', replicas: 1 };

  it('counts as off when it has no pods, and a probe gets no answer', () =>
    assert.ok('saw' in dependencySilent(observedOf(wants(0, 0), answer('dependency', false, 3)), off, injection)));

  it('does not count as off with only one of the two', () => {
    assert.match(waiting(dependencySilent(observedOf(answer('dependency', false, 3)), off, injection)), /no pods/);
    assert.match(
      waiting(dependencySilent(observedOf(wants(0, 1), answer('dependency', false, 3)), off, injection)),
      /no pods/,
    );
    assert.match(
      waiting(dependencySilent(observedOf(wants(0, 0), answer('dependency', true, 3)), off, injection)),
      /db to stop answering/,
    );
    assert.match(
      waiting(dependencySilent(observedOf(wants(0, 0), answer('dependency', false, 3)), off, later)),
      /db to stop answering/,
    );
  });

  it('counts as slow when it answers late enough', () => {
    const plan = { delayMs: 500 };
    assert.ok('saw' in dependencyLate(observedOf(answer('dependency', true, 501)), plan, injection));
    for (const other of [answer('dependency', true, 2), answer('dependency', false, 501), answer('web-1', true, 501)])
      assert.match(waiting(dependencyLate(observedOf(other), plan, injection)), /after 500 ms/);
    assert.match(waiting(dependencyLate(observedOf(answer('dependency', true, 501)), plan, later)), /after 500 ms/);
  });
});

describe('a network', () => {
  it('counts as slow when every pod on it answers late', () => {
    const plan = { nodes: [{ name: 'w1' }], pods: ['web-1', 'web-2'], delayMs: 200 };
    const late = answer('web-1', true, 250);
    assert.ok('saw' in podsLate(observedOf(late, answer('web-2', true, 201)), plan, injection));
    for (const other of [answer('web-2', true, 3), answer('web-2', false, 250)])
      assert.match(waiting(podsLate(observedOf(late, other), plan, injection)), /^web-2 to answer/);
    assert.match(waiting(podsLate(observedOf(), { ...plan, pods: [] }, injection)), /pods to answer/);
  });

  it('counts as blocked when no pod answers', () => {
    const plan = { pods: ['web-1'], labels: {} };
    assert.ok('saw' in podsSilent(observedOf(answer('web-1', false, 5000)), plan, injection));
    assert.match(waiting(podsSilent(observedOf(answer('web-1', true, 3)), plan, injection)), /web-1 to stop answering/);
    assert.match(waiting(podsSilent(observedOf(), plan, injection)), /web-1/);
  });
});
