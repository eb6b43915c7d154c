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
    says: [/sessionAffinity: ClientIP/],
    saysNot: /though connections were routed to it|topology routing/,
    failed: nothingFailed,
    because:
      'Each generator has one address and so keeps to one pod, so that of three pods at most two are asked, and none by both kinds of traffic unless both keep to the same one.',
  },
  'no-kept-alive': {
    verdict: 'pass',
    doubted: [],
    failed: nothingFailed,
    because: 'No kept-alive request was planned, so that nothing is asked of that kind, and fresh ones meet every pod.',
  },
  'no-fresh': {
    verdict: 'pass',
    doubted: [],
    failed: nothingFailed,
    because:
      'No fresh request was planned; 144 kept-alive connections are open to all pods, and each opens another when its pod drains, which logs and conntrack have, too.',
  },
  'idle-pod': {
    verdict: 'inconclusive',
    doubted: ['exposed'],
    says: [/the rules on the client's node never led to it/],
    failed: nothingFailed,
    because:
      'The clients stand in zone b with one of the pods, which gets all requests, and the node that loses its power stands in zone a: nothing fails, and nothing is shown.',
  },
  'frozen-node': {
    verdict: 'inconclusive',
    doubted: ['loss-as-expected', 'machine-could-measure'],
    says: [/was frozen, but not by a disruption/],
    failed: { causes: ['node-down', 'lost-with-its-node'], atLeast: 60, atMost: 170 },
    because:
      'A third of 160 requests a second goes to the frozen pod; those of its first 2 s time out, those of the other 2 s are answered late, and none tells against the workload, since no disruption froze the node.',
  },
  'stopped-generators': {
    verdict: 'inconclusive',
    doubted: ['machine-could-measure', 'load-delivered'],
    mayDoubt: ['loss-as-expected', 'exposed', 'failures-attributed'],
    says: [/sent nothing for (2\.9|3\.\d)\d? s/],
    saysNot: /was stolen/,
    failed: { causes: ['generator-fault', 'unattributed'], atLeast: 0, atMost: 6 },
    because:
      'Nothing is sent for 3 s, what was due meanwhile needs more connections than there are and is dropped; one request may be on its way when its generator is stopped, and times out by its clock.',
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
    says: [/sent nothing for|sent within/, /event loop was delayed by \d{3,} ms/],
    saysNot: /was stolen/,
    failed: starved,
    because:
      'The kernel leaves everything else 50 ms of each second, so that generators send nothing for most of it and the harness is held up; nobody steals the time, and a failure tells of the machine.',
  },
  'second-service': {
    verdict: 'pass',
    doubted: [],
    failed: nothingFailed,
    because: 'Endpoints are counted of the Service that is asked, and the other one leads no client anywhere.',
  },
  'restarted-sidecar': {
    verdict: 'pass',
    doubted: [],
    failed: nothingFailed,
    because:
      'The pod is not ready while its sidecar restarts, but its server goes on answering; two others are ready; and the end of a sidecar is not that of the process that listens.',
  },
  'loops-before-the-fault': {
    verdict: 'inconclusive',
    doubted: ['machine-could-measure', 'arm-complete'],
    says: [/ended before the fault/],
    saysNot: /was stolen/,
    failed: starved,
    because: 'The recorder finds in the baseline that the machine cannot measure, and does nothing to the workload.',
  },
};
