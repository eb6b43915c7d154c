import {
  disruption,
  experiment,
  loss,
  marginAtLeast,
  noLoss,
  preStop,
  readiness,
  rollout,
  seconds,
  steadyTraffic,
  without,
} from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

const update = disruption({ id: 'update', fault: rollout(), limitMs: seconds(120) });

export default experiment({
  name: 'rolling-update',
  title: 'A rolling update loses no request',
  question: `A new version replaces every pod while clients send requests. The readiness probe keeps requests from
pods that do not listen yet. The preStop sleep keeps a pod alive until no request is routed to it. Are both needed,
and are both enough?`,
  claims: ['C19', 'C20', 'C21', 'C22', 'C24'],

  workload: specimen({ startDelayMs: seconds(3) }),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(12), tailMs: seconds(6) },

  // Cluster, traffic and fault are the same in every arm. An arm lists only what it removes.
  arms: {
    control: {
      role: 'control',
      disruptions: [],
      expect: noLoss(),
    },
    treatment: {
      role: 'treatment',
      disruptions: [update],
      expect: noLoss(),
      // A smaller margin would be luck, because kube-proxy may wait a second between two syncs.
      demands: [marginAtLeast('close', seconds(0.5))],
    },
    'readiness-only': {
      role: 'unprotected',
      changes: [without(preStop)],
      disruptions: [update],
      expect: loss({ atLeast: 10, causes: ['terminated-still-routed', 'stale-conntrack'] }),
    },
    'pre-stop-only': {
      role: 'unprotected',
      changes: [without(readiness)],
      disruptions: [update],
      expect: loss({ atLeast: 10, causes: ['not-listening-yet'] }),
    },
    neither: {
      role: 'unprotected',
      changes: [without(readiness), without(preStop)],
      disruptions: [update],
      expect: loss({ atLeast: 100, causes: ['not-listening-yet', 'no-endpoint', 'terminated-still-routed'] }),
    },
  },
});
