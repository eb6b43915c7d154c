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
const drainOfOne = disruption({
  id: 'drain',
  fault: drain({ nodes: { pick: 'most-replicas' }, timeLimitMs }),
  limitMs,
});
const drainOfThree = disruption({
  id: 'drain',
  fault: drain({ nodes: { pick: 'with-replicas' }, timeLimitMs }),
  limitMs,
});
const refusedDrain = disruption({
  id: 'drain',
  fault: drain({ nodes: { pick: 'with-replicas' }, timeLimitMs: seconds(30), finishes: false }),
  limitMs: seconds(60),
});

/** All replicas run on the only worker that is not busy. */
const onOneNode = { scheduler: 'no-spread', busyWorkers: 3 } as const;
/** One replica runs on each of three workers. The fourth is busy and remains free of replicas. */
const onThreeNodes = { antiAffinity: 'preferred', scheduler: 'no-spread', busyWorkers: 1 } as const;

const noEndpoint = outage({ atLeastMs: seconds(5), causes: ['no-endpoint'] });
const twoStayReady = [readyEndpointsAtLeast(2), evictionsRefusedAtLeast(1)];
const minAvailableTwo = { minAvailable: 2 } as const;

export default experiment({
  name: 'drain-budget',
  title: 'A disruption budget keeps a service available during a drain',
  question: `Nodes are drained for maintenance: one that has every replica, or three at the same time. A drain
evicts pods and does not wait for their replacements, which need 15 s to start. Does a disruption budget keep enough
replicas serving?`,
  claims: ['C13', 'C14', 'C15', 'C16', 'C17', 'C18'],
  workload: specimen({ replicas: 3, startDelayMs: seconds(15), readiness: true, preStopSeconds: 5 }),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(25), tailMs: seconds(6) },
  arms: {
    control: { role: 'control', says: 'no drain', workload: onThreeNodes, disruptions: [], expect: noLoss() },
    'one-node': {
      role: 'treatment',
      says: 'all replicas on the drained node, budget minAvailable 2',
      workload: { ...onOneNode, budget: minAvailableTwo },
      disruptions: [drainOfOne],
      expect: noLoss(),
      demands: twoStayReady,
    },
    'one-node-none': {
      role: 'unprotected',
      says: 'all replicas on the drained node, no budget',
      workload: onOneNode,
      disruptions: [drainOfOne],
      expect: noEndpoint,
    },
    'three-nodes': {
      role: 'treatment',
      says: 'three nodes at once, budget minAvailable 2',
      workload: { ...onThreeNodes, budget: minAvailableTwo },
      disruptions: [drainOfThree],
      expect: noLoss(),
      demands: twoStayReady,
    },
    'three-nodes-none': {
      role: 'unprotected',
      says: 'three nodes at once, no budget',
      workload: onThreeNodes,
      disruptions: [drainOfThree],
      expect: noEndpoint,
    },
    'three-nodes-67-percent': {
      role: 'treatment',
      says: 'three nodes at once, budget minAvailable 67 %, which rounds up to 3: no drain can finish',
      workload: { ...onThreeNodes, budget: { minAvailable: '67%' } },
      disruptions: [refusedDrain],
      expect: noLoss(),
      demands: [readyEndpointsAtLeast(3), evictionsRefusedAtLeast(5), evictionsAllowedAtMost(0)],
    },
    'one-node-max-unavailable': {
      role: 'treatment',
      says: 'all replicas on the drained node, budget maxUnavailable 1',
      workload: { ...onOneNode, budget: { maxUnavailable: 1 } },
      disruptions: [drainOfOne],
      expect: noLoss(),
      demands: twoStayReady,
      extra: true,
    },
    'three-nodes-max-unavailable': {
      role: 'treatment',
      says: 'three nodes at once, budget maxUnavailable 1',
      workload: { ...onThreeNodes, budget: { maxUnavailable: 1 } },
      disruptions: [drainOfThree],
      expect: noLoss(),
      demands: twoStayReady,
      extra: true,
    },
  },
});
