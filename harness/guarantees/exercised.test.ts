import assert from 'node:assert/strict';
import { catalogue } from '../record/fault/catalogue.ts';
import { guarantees } from './registry.ts';

const pods = 'readiness preStop grace antiAffinity startup stopSignal topologySpread';
const rollout =
  'replicas readiness preStop grace antiAffinity strategy minReadySeconds startup stopSignal topologySpread';
const eviction = 'replicas readiness preStop grace budget antiAffinity startup stopSignal topologySpread';
const lostNode = 'replicas readiness antiAffinity startup topologySpread';

/** The guarantees that each fault exercises. */
const exercised: { readonly [fault: string]: string } = {
  'api-server-down': '',
  'bad-version':
    'replicas readiness preStop grace antiAffinity strategy minReadySeconds liveness startup stopSignal topologySpread',
  'control-plane-stop': '',
  cordon: '',
  'cpu-burn': 'replicas readiness antiAffinity liveness topologySpread resources',
  'crash-loop': 'replicas readiness startup',
  'dependency-off': 'readiness liveness',
  'dependency-slow': 'readiness liveness',
  drain: eviction,
  evict: eviction,
  'kubectl-drain': eviction,
  'memory-pressure': 'replicas readiness preStop antiAffinity startup stopSignal topologySpread priority resources',
  'network-card-down': lostNode,
  'network-delay': 'replicas antiAffinity topologySpread',
  'network-policy': '',
  'node-kill': lostNode,
  'node-partition': lostNode,
  'node-pause': lostNode,
  'node-restart': lostNode,
  'node-stop': lostNode,
  'node-taint': `replicas ${pods}`,
  'out-of-memory': 'replicas readiness startup resources',
  'pod-delete': `replicas ${pods}`,
  'pod-force-delete': lostNode,
  preemption: `replicas ${pods} priority resources`,
  'process-kill': 'replicas readiness startup',
  recreate: pods,
  restart: rollout,
  rollback: rollout,
  rollout,
  scale: pods,
};

describe('the faults that exercise a guarantee', () => {
  it('are in the catalogue, and each guarantee has one', () => {
    for (const { name, exercisedBy } of guarantees) {
      assert.ok(exercisedBy.length > 0, name);
      assert.deepEqual(
        exercisedBy.filter((fault) => !catalogue.has(fault)),
        [],
        name,
      );
      assert.equal(new Set(exercisedBy).size, exercisedBy.length, name);
    }
  });

  it('are these, by fault', () => {
    const found = [...catalogue.keys()].map((fault) => [
      fault,
      guarantees
        .filter(({ exercisedBy }) => exercisedBy.includes(fault))
        .map(({ name }) => name)
        .join(' '),
    ]);
    assert.deepEqual(Object.fromEntries(found), exercised);
  });
});
