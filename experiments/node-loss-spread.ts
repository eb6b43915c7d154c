import {
  antiAffinity,
  disruption,
  experiment,
  having,
  lasting,
  lossOfANode,
  nodeKill,
  noLoss,
  outage,
  replicas,
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

const two = having(replicas, 2);
const totalOutage = outage({ atLeastMs: seconds(5), causes: ['node-down', 'lost-with-its-node', 'no-endpoint'] });

export default experiment({
  name: 'node-loss-spread',
  title: 'Replicas on different nodes survive the loss of a node',
  question: `A node, or a whole zone, loses power. No budget is checked and no preStop hook runs. Three of four
workers are busy, so a scheduler without default spreading puts every replica on the fourth. Does anti-affinity make
the difference between the loss of a share of the requests and the loss of all of them?`,
  claims: ['C01', 'C02', 'C03', 'C08', 'C34', 'C70', 'C73', 'C76', 'C77', 'C78'],
  workload: specimen({ startDelayMs: seconds(3) }),
  lab: { scheduler: 'no-spread', busyWorkers: 3 },
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(25), tailMs: seconds(6) },
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
      disruptions: [lossOfNode],
      expect: lossOfANode(),
    },
    preferred: {
      role: 'treatment',
      changes: [having(antiAffinity, 'preferred')],
      disruptions: [lossOfNode],
      expect: lossOfANode(),
    },
    none: {
      role: 'unprotected',
      disruptions: [lossOfNode],
      expect: totalOutage,
    },
    'default-scheduler': {
      role: 'treatment',
      lab: { scheduler: 'default-scheduler' },
      disruptions: [lossOfNode],
      expect: lossOfANode(),
    },
    'zone-required': {
      role: 'treatment',
      changes: [two, having(antiAffinity, { strength: 'required', over: 'zone' })],
      disruptions: [lossOfZone],
      expect: lossOfANode(),
    },
    'zone-preferred': {
      role: 'treatment',
      changes: [two, having(antiAffinity, { strength: 'preferred', over: 'zone' })],
      disruptions: [lossOfZone],
      expect: lossOfANode(),
    },
    'zone-none': {
      role: 'unprotected',
      changes: [two],
      disruptions: [lossOfZone],
      expect: totalOutage,
    },
  },
});
