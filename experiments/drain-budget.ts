import {
  disruption,
  drain,
  evictionsAllowedAtMost,
  evictionsRefusedAtLeast,
  experiment,
  noLoss,
  outage,
  readyEndpointsAtLeast,
  seconds,
  steadyTraffic,
} from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

const limitMs = seconds(150);
const timeLimitMs = seconds(140);
const one = disruption({
  id: 'drain',
  fault: drain({ nodes: { pick: 'most-replicas' }, timeLimitMs }),
  limitMs,
});
const three = disruption({ id: 'drain', fault: drain({ nodes: { pick: 'with-replicas' }, timeLimitMs }), limitMs });
const refused = disruption({
  id: 'drain',
  fault: drain({ nodes: { pick: 'with-replicas' }, timeLimitMs: seconds(30), finishes: false }),
  limitMs: seconds(60),
});

/** Every replica on the one worker that is not busy. */
const together = { scheduler: 'no-spread', busyWorkers: 3 } as const;
/** One replica on each of three workers; the fourth, which is busy, is spare. */
const apart = { antiAffinity: 'preferred', scheduler: 'no-spread', busyWorkers: 1 } as const;

const nobody = outage({ atLeastMs: seconds(5), causes: ['no-endpoint'] });
const kept = [readyEndpointsAtLeast(2), evictionsRefusedAtLeast(1)];
const two = { minAvailable: 2 } as const;

export default experiment({
  name: 'drain-budget',
  title: 'A disruption budget keeps a drain from taking a service away',
  question: `Nodes are drained for maintenance: one that holds every replica, then three at the same instant. A drain evicts
and does not wait for replacements, which need 15 s to start. Does a disruption budget keep enough of them serving?`,
  claims: ['C13', 'C14', 'C15', 'C16', 'C17', 'C18'],
  workload: specimen({ replicas: 3, startDelayMs: seconds(15), readiness: true, preStopSeconds: 5 }),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(25), tailMs: seconds(6) },
  arms: {
    control: { role: 'control', says: 'no drain', workload: apart, disruptions: [], expect: noLoss() },
    'one-node': {
      role: 'treatment',
      says: 'all replicas on the drained node, budget minAvailable 2',
      workload: { ...together, budget: two },
      disruptions: [one],
      expect: noLoss(),
      demands: kept,
    },
    'one-node-none': {
      role: 'unprotected',
      says: 'all replicas on the drained node, no budget',
      workload: together,
      disruptions: [one],
      expect: nobody,
    },
    'three-nodes': {
      role: 'treatment',
      says: 'three nodes at once, budget minAvailable 2',
      workload: { ...apart, budget: two },
      disruptions: [three],
      expect: noLoss(),
      demands: kept,
    },
    'three-nodes-none': {
      role: 'unprotected',
      says: 'three nodes at once, no budget',
      workload: apart,
      disruptions: [three],
      expect: nobody,
    },
    'three-nodes-67-percent': {
      role: 'treatment',
      says: 'three nodes at once, 67 % of 3 rounds up to 3: safe, and never done',
      workload: { ...apart, budget: { minAvailable: '67%' } },
      disruptions: [refused],
      expect: noLoss(),
      demands: [readyEndpointsAtLeast(3), evictionsRefusedAtLeast(5), evictionsAllowedAtMost(0)],
    },
    'one-node-max-unavailable': {
      role: 'treatment',
      says: 'all replicas on the drained node, budget maxUnavailable 1',
      workload: { ...together, budget: { maxUnavailable: 1 } },
      disruptions: [one],
      expect: noLoss(),
      demands: kept,
      extra: true,
    },
    'three-nodes-max-unavailable': {
      role: 'treatment',
      says: 'three nodes at once, budget maxUnavailable 1',
      workload: { ...apart, budget: { maxUnavailable: 1 } },
      disruptions: [three],
      expect: noLoss(),
      demands: kept,
      extra: true,
    },
  },
});
