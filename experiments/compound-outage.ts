import {
  antiAffinity,
  budget,
  disruption,
  drain,
  experiment,
  having,
  lossOfANode,
  nodeKill,
  noLoss,
  outage,
  readyEndpointsAtLeast,
  rollout,
  seconds,
  steadyTraffic,
  strategy,
  untilReady,
} from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

const limitMs = seconds(180);

/** A rollout replaces one pod, the node of a second pod is drained, and the node of the third loses power. */
const threeOutages = [
  disruption({ id: 'update', fault: rollout(), limitMs }),
  disruption({
    id: 'drain',
    when: { readyAtMost: 2, delayMs: 0 },
    fault: drain({ nodes: { pick: 'most-replicas' }, timeLimitMs: seconds(170) }),
    limitMs,
  }),
  disruption({
    id: 'power-cut',
    when: { after: 'drain', event: 'intent', delayMs: seconds(2) },
    fault: nodeKill({ nodes: { pick: 'most-replicas' } }),
    until: untilReady(3),
    limitMs,
  }),
];

export default experiment({
  name: 'compound-outage',
  title: 'A disruption budget keeps a service alive through a rollout, a drain and a lost node at once',
  question: `Each of three replicas is disrupted in another way at the same time: one is replaced by a new version
that needs 20 s to start, one is on a node that is drained, one is on a node that loses power. A disruption budget
cannot refuse the loss of power, but it can refuse the drain. Does that keep the service available?`,
  claims: ['C79', 'C80', 'C81', 'C82'],
  workload: specimen(
    { startDelayMs: seconds(20) },
    having(strategy, { maxSurge: 0, maxUnavailable: 1 }),
    having(antiAffinity, 'preferred'),
  ),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(30), tailMs: seconds(6) },
  arms: {
    control: {
      role: 'control',
      changes: [having(budget, { minAvailable: 2 })],
      disruptions: [],
      expect: noLoss(),
    },
    budget: {
      role: 'treatment',
      changes: [having(budget, { minAvailable: 2 })],
      disruptions: threeOutages,
      expect: lossOfANode(),
      demands: [readyEndpointsAtLeast(1)],
    },
    none: {
      role: 'unprotected',
      disruptions: threeOutages,
      expect: outage({ atLeastMs: seconds(10), causes: ['node-down', 'lost-with-its-node', 'no-endpoint'] }),
    },
  },
});
