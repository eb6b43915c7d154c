import assert from 'node:assert/strict';
import type { RecordedEvent } from '../model/event.ts';
import { ClockOffsets } from './clock-offsets.ts';

const clocks = [
  { node: 'w1', offsetMicros: 3_000_000, errorMicros: 5000 },
  { node: 'w2', offsetMicros: -150_000, errorMicros: 8000 },
  { node: 'w3', offsetMicros: 0, errorMicros: 90_000 },
  { node: 'client', offsetMicros: 20_000, errorMicros: 1000 },
];

const pod = (subject: string, node: string): RecordedEvent => ({
  at: 1,
  source: 'pod',
  type: 'modified',
  subject,
  data: { node },
});

describe('offsets of clocks', () => {
  it('are 0 if no clocks were recorded', () => {
    const offsets = new ClockOffsets();
    offsets.event(pod('one', 'w1'));
    assert.deepEqual([offsets.aheadOf('one'), offsets.errorOf('one'), offsets.aheadOnGenerators], [0, 0, 0]);
    assert.deepEqual(offsets.largestError, { nodes: [], micros: 0 });
  });

  it('are the offsets of the node of a pod, and of the node of the generators', () => {
    const offsets = new ClockOffsets({ clocks, generatorNode: 'client' });
    for (const event of [pod('one', ''), pod('one', 'w1'), pod('two', 'w2')]) offsets.event(event);
    assert.deepEqual([offsets.aheadOf('one'), offsets.aheadOf('two')], [3_000_000, -150_000]);
    assert.equal(offsets.aheadOf('never seen'), 0);
    assert.equal(offsets.aheadOnGenerators, 20_000);
  });

  it('have the errors of both clocks, for nodes that ran pods', () => {
    const offsets = new ClockOffsets({ clocks, generatorNode: 'client' });
    assert.deepEqual(offsets.largestError, { nodes: ['client'], micros: 1000 });
    for (const event of [pod('one', 'w1'), pod('two', 'w2')]) offsets.event(event);
    assert.equal(offsets.errorOf('one'), 6000);
    assert.deepEqual(offsets.largestError, { nodes: ['w2', 'client'], micros: 9000 });
  });

  it('cover all nodes on which pods of one name ran', () => {
    const offsets = new ClockOffsets({ clocks, generatorNode: '' });
    for (const event of [pod('web-0', 'w1'), pod('web-0', 'w2')]) offsets.event(event);
    assert.ok(offsets.errorOf('web-0') > 1_500_000);
    for (const { offsetMicros } of clocks.slice(0, 2))
      assert.ok(Math.abs(offsets.aheadOf('web-0') - offsetMicros) <= offsets.errorOf('web-0'));
  });

  it('convert the renewal time of a lease, which its node wrote', () => {
    const offsets = new ClockOffsets({ clocks, generatorNode: '' });
    const lease = (subject: string): RecordedEvent => ({
      at: 1,
      source: 'lease',
      type: 'modified',
      subject,
      data: { renewed: '2026-11-30T11:00:03.500000Z' },
    });
    assert.deepEqual(offsets.event(lease('w1')).data, { renewed: '2026-11-30T11:00:00.500Z' });
    assert.deepEqual(offsets.event(lease('w3')), lease('w3'));
  });
});
