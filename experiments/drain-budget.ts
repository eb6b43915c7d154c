import {
  antiAffinity,
  budget,
  disruption,
  drain,
  evictionsAllowedAtMost,
  evictionsRefusedAtLeast,
  experiment,
  having,
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
/** One replica runs on each of three workers if they are kept apart. The fourth is busy and remains free of replicas. */
const onThreeNodes = { scheduler: 'no-spread', busyWorkers: 1 } as const;
const apart = having(antiAffinity, 'preferred');

const noEndpoint = outage({ atLeastMs: seconds(5), causes: ['no-endpoint'] });
const twoStayReady = [readyEndpointsAtLeast(2), evictionsRefusedAtLeast(1)];
const minAvailableTwo = having(budget, { minAvailable: 2 });

export default experiment({
  name: 'drain-budget',
  title: 'A disruption budget keeps a service available during a drain',
  question: `Nodes are drained for maintenance: one that has every replica, or three at the same time. A drain
evicts pods and does not wait for their replacements, which need 15 s to start. Does a disruption budget keep enough
replicas serving?`,
  claims: ['C13', 'C14', 'C15', 'C16', 'C17', 'C18'],
  workload: specimen({ startDelayMs: seconds(15) }),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(25), tailMs: seconds(6) },
  arms: {
    control: { role: 'control', lab: onThreeNodes, changes: [apart], disruptions: [], expect: noLoss() },
    'one-node': {
      role: 'treatment',
      lab: onOneNode,
      changes: [minAvailableTwo],
      disruptions: [drainOfOne],
      expect: noLoss(),
      demands: twoStayReady,
    },
    'one-node-none': {
      role: 'unprotected',
      lab: onOneNode,
      disruptions: [drainOfOne],
      expect: noEndpoint,
    },
    'three-nodes': {
      role: 'treatment',
      lab: onThreeNodes,
      changes: [apart, minAvailableTwo],
      disruptions: [drainOfThree],
      expect: noLoss(),
      demands: twoStayReady,
    },
    'three-nodes-none': {
      role: 'unprotected',
      lab: onThreeNodes,
      changes: [apart],
      disruptions: [drainOfThree],
      expect: noEndpoint,
    },
    'three-nodes-67-percent': {
      role: 'treatment',
      lab: onThreeNodes,
      // 67 % of three is rounded up to three, so no drain can finish.
      changes: [apart, having(budget, { minAvailable: '67%' })],
      disruptions: [refusedDrain],
      expect: noLoss(),
      demands: [readyEndpointsAtLeast(3), evictionsRefusedAtLeast(5), evictionsAllowedAtMost(0)],
    },
    'one-node-max-unavailable': {
      role: 'treatment',
      lab: onOneNode,
      changes: [having(budget, { maxUnavailable: 1 })],
      disruptions: [drainOfOne],
      expect: noLoss(),
      demands: twoStayReady,
      extra: true,
    },
    'three-nodes-max-unavailable': {
      role: 'treatment',
      lab: onThreeNodes,
      changes: [apart, having(budget, { maxUnavailable: 1 })],
      disruptions: [drainOfThree],
      expect: noLoss(),
      demands: twoStayReady,
      extra: true,
    },
  },
});
