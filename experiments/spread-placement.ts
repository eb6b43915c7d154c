import {
  antiAffinity,
  cordon,
  disruption,
  experiment,
  having,
  lasting,
  onNodes,
  podDelete,
  preStop,
  recreate,
  replicas,
  rollout,
  runningAtEnd,
  scale,
  seconds,
  strategy,
  unschedulable,
  without,
} from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

const limitMs = seconds(60);
/**
 * All old pods are gone before a new one is scheduled. If they were only deleted, terminating pods would still count for
 * the anti-affinity of new ones. A preferred one then often allows two new pods on one node.
 */
const recreation = disruption({ id: 'recreation', fault: recreate(), limitMs });

/** As many replicas as there are workers. */
const onEveryWorker = [having(replicas, 4), having(antiAffinity, 'required')];
const noBusyWorker = { busyWorkers: 0 } as const;
const antiAffinityMessage = 'anti-affinity';

export default experiment({
  name: 'spread-placement',
  title: 'Anti-affinity keeps replicas on different nodes',
  question: `All replicas are created again while three of four workers are busy, and a scheduler without default
spreading prefers the fourth. Does anti-affinity put them on different nodes, how do the preferred and the required
kind differ, and what do they cost?`,
  claims: ['C05', 'C06', 'C07', 'C33', 'C40', 'C68', 'C71', 'C72', 'C75', 'C76', 'C77'],
  workload: specimen({ startDelayMs: seconds(1), drain: 'exit' }, without(preStop)),
  lab: { scheduler: 'no-spread', busyWorkers: 3 },
  traffic: null,
  phases: { warmupMs: 0, baselineMs: seconds(3), quietMs: seconds(3), tailMs: seconds(3) },
  arms: {
    control: {
      role: 'control',
      changes: [having(antiAffinity, 'required')],
      disruptions: [],
      expect: onNodes(3),
    },
    none: {
      role: 'unprotected',
      disruptions: [recreation],
      expect: onNodes(1),
    },
    preferred: {
      role: 'treatment',
      changes: [having(antiAffinity, 'preferred')],
      disruptions: [recreation],
      expect: onNodes(3),
    },
    required: {
      role: 'treatment',
      changes: [having(antiAffinity, 'required')],
      disruptions: [recreation],
      expect: onNodes(3),
    },
    'default-scheduler': {
      role: 'treatment',
      lab: { scheduler: 'default-scheduler' },
      disruptions: [recreation],
      expect: onNodes(2, 3),
    },
    'one-node-left': {
      role: 'unprotected',
      changes: [having(antiAffinity, 'preferred')],
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
      changes: onEveryWorker,
      lab: noBusyWorker,
      disruptions: [disruption({ id: 'growth', fault: scale({ replicas: 5, pending: true }), limitMs })],
      expect: onNodes(4),
      demands: [unschedulable({ atLeast: 1, because: antiAffinityMessage }), runningAtEnd(4)],
    },
    'rollout-with-surge': {
      role: 'unprotected',
      changes: onEveryWorker,
      lab: noBusyWorker,
      disruptions: [
        disruption({ id: 'update', fault: rollout({ finishes: false, timeLimitMs: seconds(8) }), limitMs }),
      ],
      expect: onNodes(4),
      demands: [unschedulable({ atLeast: 1, because: antiAffinityMessage }), runningAtEnd(4, 'old')],
    },
    'rollout-in-place': {
      role: 'treatment',
      changes: [...onEveryWorker, having(strategy, { maxSurge: 0, maxUnavailable: 1 })],
      lab: noBusyWorker,
      disruptions: [disruption({ id: 'update', fault: rollout(), limitMs })],
      expect: onNodes(4),
      demands: [runningAtEnd(4, 'new')],
    },
  },
});
