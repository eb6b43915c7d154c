import type { DrillName } from './drills.ts';
import { nothingFailed, type Prediction } from './prediction.ts';

/**
 * Two real-time loops delay every request for 3 s. Pods may fail their probes, and the Service may lose all endpoints.
 */
const starved: Prediction['failed'] = {
  causes: ['overload', 'no-endpoint', 'response-lost', 'generator-fault', 'unattributed'],
  atLeast: 0,
  atMost: 400,
};

/**
 * The expected result of each drill, committed before the drill runs. A wrong prediction is changed in a separate
 * commit.
 */
export const predictions: { readonly [name in DrillName]: Prediction } = {
  'session-affinity': {
    verdict: 'inconclusive',
    doubted: ['exposed'],
    exposed: { pods: 3, atMost: 2 },
    failed: nothingFailed,
    because:
      'Each generator has one address, so all its requests go to one pod until that is replaced. At least one of three pods gets no requests of one kind.',
  },
  'no-kept-alive': {
    verdict: 'pass',
    doubted: [],
    failed: nothingFailed,
    because: 'No kept-alive request was planned, so no check needs one, and fresh requests reach every pod.',
  },
  'no-fresh': {
    verdict: 'pass',
    doubted: [],
    failed: nothingFailed,
    because:
      'No fresh request was planned. 144 kept-alive connections are open to all pods, and each is replaced when its pod terminates. Logs and conntrack record this, too.',
  },
  'idle-pod': {
    verdict: 'inconclusive',
    doubted: ['exposed'],
    exposed: { pods: 1, atMost: 0 },
    failed: nothingFailed,
    because:
      'The clients are in zone b with one of the pods, which gets all requests. The node that loses power is in zone a, so no request fails and nothing is proved.',
  },
  'frozen-node': {
    verdict: 'inconclusive',
    doubted: ['loss-as-expected', 'machine-could-measure'],
    failed: { causes: ['node-down', 'lost-with-its-node'], atLeast: 60, atMost: 170 },
    because:
      'A third of 160 requests a second goes to the frozen pod. Those of the first 2 s time out, those of the other 2 s are answered late. No disruption froze the node, so the workload is not to blame.',
  },
  'stopped-generators': {
    verdict: 'inconclusive',
    doubted: ['machine-could-measure', 'load-delivered'],
    mayDoubt: ['loss-as-expected', 'exposed', 'failures-attributed'],
    failed: { causes: ['generator-fault', 'unattributed'], atLeast: 0, atMost: 6 },
    because:
      'Nothing is sent for 3 s. The requests that were due in that time need more connections than there are, so they are dropped. A request that was sent just before may time out.',
  },
  'real-time-loops': {
    verdict: 'inconclusive',
    doubted: ['machine-could-measure'],
    mayDoubt: [
      'loss-as-expected',
      'exposed',
      'failures-attributed',
      'load-delivered',
      'watches-match-logs',
      'recordings-agree',
      'clean-tail',
    ],
    failed: starved,
    because:
      'The kernel leaves 50 ms of each second to everything else, so generators send nothing for most of it and the harness is delayed. A failed request shows a slow machine and not a problem of the workload.',
  },
  'second-service': {
    verdict: 'pass',
    doubted: [],
    failed: nothingFailed,
    because: 'Only the endpoints of the Service under test are counted, and no client uses the other Service.',
  },
  'restarted-sidecar': {
    verdict: 'pass',
    doubted: [],
    failed: nothingFailed,
    because:
      'The pod is not ready while its sidecar restarts, but its server still answers, and two other pods are ready. The end of a sidecar is not the end of the process that listens.',
  },
  'loops-before-the-fault': {
    verdict: 'inconclusive',
    doubted: ['machine-could-measure', 'arm-complete'],
    arose: 'before-fault',
    failed: starved,
    because: 'The recorder detects in the baseline that the machine cannot measure, so it does not inject the fault.',
  },
};
