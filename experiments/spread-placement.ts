import {
  cordon,
  disruption,
  experiment,
  lasting,
  onNodes,
  podDelete,
  recreate,
  rollout,
  runningAtEnd,
  scale,
  seconds,
  unschedulable,
} from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

const limitMs = seconds(60);
/**
 * All old pods are gone before a new one is scheduled. If they were only deleted, terminating pods would still count for
 * the anti-affinity of new ones. A preferred one then often allows two new pods on one node.
 */
const recreation = disruption({ id: 'recreation', fault: recreate(), limitMs });

/** As many replicas as there are workers. */
const onEveryWorker = { replicas: 4, busyWorkers: 0, antiAffinity: 'required' } as const;
const antiAffinityMessage = 'anti-affinity';

export default experiment({
  name: 'spread-placement',
  title: 'Anti-affinity keeps replicas on different nodes',
  question: `All replicas are created again while three of four workers are busy, and a scheduler without default
spreading prefers the fourth. Does anti-affinity put them on different nodes, how do the preferred and the required
kind differ, and what do they cost?`,
  claims: ['C05', 'C06', 'C07', 'C33', 'C40', 'C68', 'C71', 'C72', 'C75', 'C76', 'C77'],
  workload: specimen({
    replicas: 3,
    startDelayMs: seconds(1),
    preStopSeconds: 0,
    drain: 'exit',
    scheduler: 'no-spread',
    busyWorkers: 3,
  }),
  traffic: null,
  phases: { warmupMs: 0, baselineMs: seconds(3), quietMs: seconds(3), tailMs: seconds(3) },
  arms: {
    control: {
      role: 'control',
      says: 'no replica is created again',
      workload: { antiAffinity: 'required' },
      disruptions: [],
      expect: onNodes(3),
    },
    none: {
      role: 'unprotected',
      says: 'no anti-affinity',
      workload: {},
      disruptions: [recreation],
      expect: onNodes(1),
    },
    preferred: {
      role: 'treatment',
      says: 'preferred anti-affinity',
      workload: { antiAffinity: 'preferred' },
      disruptions: [recreation],
      expect: onNodes(3),
    },
    required: {
      role: 'treatment',
      says: 'required anti-affinity',
      workload: { antiAffinity: 'required' },
      disruptions: [recreation],
      expect: onNodes(3),
    },
    'default-scheduler': {
      role: 'treatment',
      says: 'no anti-affinity, and the default scheduler, which spreads by itself',
      workload: { scheduler: 'default-scheduler' },
      disruptions: [recreation],
      expect: onNodes(2, 3),
    },
    'one-node-left': {
      role: 'unprotected',
      says: 'preferred anti-affinity, and only one node takes pods',
      workload: { antiAffinity: 'preferred' },
      disruptions: [
        disruption({
          id: 'cordon',
          fault: cordon({ nodes: { pick: 'with-replicas' } }),
          until: lasting(seconds(15)),
          limitMs,
        }),
        disruption({
          id: 'recreation',
          when: { after: 'cordon', event: 'landed', delayMs: 0 },
          fault: podDelete({ count: 'all' }),
          limitMs,
        }),
      ],
      expect: onNodes(1),
    },
    'one-too-many': {
      role: 'treatment',
      says: 'required anti-affinity, and one replica more than there are workers',
      workload: onEveryWorker,
      disruptions: [disruption({ id: 'growth', fault: scale({ replicas: 5, pending: true }), limitMs })],
      expect: onNodes(4),
      demands: [unschedulable({ atLeast: 1, because: antiAffinityMessage }), runningAtEnd(4)],
    },
    'rollout-with-surge': {
      role: 'unprotected',
      says: 'required anti-affinity, and a rollout that needs one more node',
      workload: onEveryWorker,
      disruptions: [
        disruption({ id: 'update', fault: rollout({ finishes: false, timeLimitMs: seconds(8) }), limitMs }),
      ],
      expect: onNodes(4),
      demands: [unschedulable({ atLeast: 1, because: antiAffinityMessage }), runningAtEnd(4, 'old')],
    },
    'rollout-in-place': {
      role: 'treatment',
      says: 'required anti-affinity, and a rollout that first frees a node',
      workload: { ...onEveryWorker, maxSurge: 0, maxUnavailable: 1 },
      disruptions: [disruption({ id: 'update', fault: rollout(), limitMs })],
      expect: onNodes(4),
      demands: [runningAtEnd(4, 'new')],
    },
  },
});
