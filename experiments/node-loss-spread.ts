import {
  disruption,
  experiment,
  lasting,
  lossOfANode,
  nodeKill,
  noLoss,
  outage,
  seconds,
  steadyTraffic,
  untilReady,
} from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

const limitMs = seconds(90);
const lossOfNode = disruption({
  id: 'power-cut',
  fault: nodeKill({ nodes: { pick: 'most-replicas' } }),
  until: untilReady(3),
  limitMs,
});
const lossOfZone = disruption({
  id: 'power-cut',
  fault: nodeKill({ nodes: { pick: 'zone' } }),
  until: lasting(seconds(5)),
  limitMs,
});

const byZone = { replicas: 2, antiAffinityOver: 'zone' } as const;
const totalOutage = outage({ atLeastMs: seconds(5), causes: ['node-down', 'lost-with-its-node', 'no-endpoint'] });

export default experiment({
  name: 'node-loss-spread',
  title: 'Replicas on different nodes survive the loss of a node',
  question: `A node, or a whole zone, loses power. No budget is checked and no preStop hook runs. Three of four
workers are busy, so a scheduler without default spreading puts every replica on the fourth. Does anti-affinity make
the difference between the loss of a share of the requests and the loss of all of them?`,
  claims: ['C01', 'C02', 'C03', 'C08', 'C34', 'C70', 'C73', 'C76', 'C77', 'C78'],
  workload: specimen({ replicas: 3, startDelayMs: seconds(3), scheduler: 'no-spread', busyWorkers: 3 }),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(25), tailMs: seconds(6) },
  arms: {
    control: {
      role: 'control',
      says: 'no node is lost',
      workload: { antiAffinity: 'required' },
      disruptions: [],
      expect: noLoss(),
    },
    required: {
      role: 'treatment',
      says: 'required anti-affinity by node',
      workload: { antiAffinity: 'required' },
      disruptions: [lossOfNode],
      expect: lossOfANode(),
    },
    preferred: {
      role: 'treatment',
      says: 'preferred anti-affinity by node',
      workload: { antiAffinity: 'preferred' },
      disruptions: [lossOfNode],
      expect: lossOfANode(),
    },
    none: {
      role: 'unprotected',
      says: 'no anti-affinity',
      workload: {},
      disruptions: [lossOfNode],
      expect: totalOutage,
    },
    'default-scheduler': {
      role: 'treatment',
      says: 'no anti-affinity, and the default scheduler, which spreads by itself',
      workload: { scheduler: 'default-scheduler' },
      disruptions: [lossOfNode],
      expect: lossOfANode(),
    },
    'zone-required': {
      role: 'treatment',
      says: 'a whole zone lost, required anti-affinity by zone',
      workload: { ...byZone, antiAffinity: 'required' },
      disruptions: [lossOfZone],
      expect: lossOfANode(),
    },
    'zone-preferred': {
      role: 'treatment',
      says: 'a whole zone lost, preferred anti-affinity by zone',
      workload: { ...byZone, antiAffinity: 'preferred' },
      disruptions: [lossOfZone],
      expect: lossOfANode(),
    },
    'zone-none': {
      role: 'unprotected',
      says: 'a whole zone lost, no anti-affinity',
      workload: { ...byZone },
      disruptions: [lossOfZone],
      expect: totalOutage,
    },
  },
});
