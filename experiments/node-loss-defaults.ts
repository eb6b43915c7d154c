import {
  antiAffinity,
  disruption,
  experiment,
  having,
  lossOfANode,
  nodeKill,
  noLoss,
  outage,
  seconds,
  steadyTraffic,
  untilReady,
} from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

const powerCut = disruption({
  id: 'power-cut',
  fault: nodeKill({ nodes: { pick: 'most-replicas' } }),
  until: untilReady(3),
  limitMs: seconds(540),
});

export default experiment({
  name: 'node-loss-defaults',
  title: 'With default node timings, replicas on different nodes survive the loss of a node',
  question: `node-loss-spread shortens the node timings of Kubernetes. This experiment uses the defaults: a node is
marked not ready after 50 s, and its pods are replaced 300 s later. Do both experiments have the same results?`,
  claims: ['C01', 'C66', 'C70', 'C73'],
  workload: specimen({ startDelayMs: seconds(3) }),
  lab: { scheduler: 'no-spread', busyWorkers: 3 },
  traffic: steadyTraffic({ freshPerSecond: 30, keptAlivePerSecond: 30 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(25), tailMs: seconds(6) },
  nodeTimings: 'defaults',
  onlyWhenNamed: true,
  arms: {
    control: {
      role: 'control',
      changes: [having(antiAffinity, 'required')],
      disruptions: [],
      expect: noLoss(),
    },
    required: {
      role: 'treatment',
      changes: [having(antiAffinity, 'required')],
      disruptions: [powerCut],
      expect: lossOfANode(),
    },
    none: {
      role: 'unprotected',
      disruptions: [powerCut],
      expect: outage({ atLeastMs: seconds(300), causes: ['node-down', 'lost-with-its-node', 'no-endpoint'] }),
    },
  },
});
