/**
 * Why a request failed. The order is the order of the taxonomy: the first that matches wins.
 * `name` is said in reports, `meaning` explains it once, `cure` says what to change.
 */
export const causes = {
  'generator-fault': {
    name: 'generator fault',
    meaning: 'The load generator had no port, or no time, to send it.',
    cure: 'Lower the rate, or free the machine.',
  },
  'dns-failure': {
    name: 'DNS failure',
    meaning: 'The name of the Service was not resolved, so no connection was tried.',
    cure: 'Keep CoreDNS on more than one node, and look at its log.',
  },
  'lost-with-its-node': {
    name: 'lost with its node',
    meaning: 'The request was on a connection to a pod whose node went down.',
    cure: 'Retry requests that may be repeated; a shorter time-out finds out sooner.',
  },
  'killed-in-flight': {
    name: 'killed in flight',
    meaning: 'The pod had begun to answer and exited before it ended.',
    cure: 'Drain on SIGTERM, and give it a grace period longer than the longest request.',
  },
  'response-lost': {
    name: 'response lost',
    meaning: 'The pod wrote that it had answered, and no answer arrived.',
    cure: 'Look at what lies between pod and client: a partition, a proxy, a connection that was reset.',
  },
  overload: {
    name: 'overload',
    meaning: 'The pod had taken the request and did not answer in the time that the client waits.',
    cure: 'Add replicas, and keep a reserve for lost ones; or wait longer than the slowest answer takes.',
  },
  'no-endpoint': {
    name: 'no endpoint',
    meaning: 'The Service had no usable endpoint, so its traffic was rejected.',
    cure: 'Keep a replica ready: maxUnavailable, a disruption budget, a readiness probe that tells the truth.',
  },
  'node-down': {
    name: 'node down',
    meaning: 'The pod’s node was down, cut off or frozen, and the pod was still routed to.',
    cure: 'Keep replicas on other nodes: anti-affinity. How long it lasts is the node monitor’s grace period.',
  },
  'not-listening-yet': {
    name: 'not listening yet',
    meaning: 'The pod was routed to before its process listened.',
    cure: 'Add a readiness probe.',
  },
  'terminated-still-routed': {
    name: 'terminated, still routed to',
    meaning: 'The pod had closed its listener, and its rule was still on the client’s node.',
    cure: 'Add a preStop sleep longer than the time a rule takes to leave.',
  },
  'crash-window': {
    name: 'crash window',
    meaning: 'The container had exited and was not restarted yet, while the pod was still routed to.',
    cure: 'Find out why it exits; a readiness probe shortens the window.',
  },
  'stale-conntrack': {
    name: 'stale conntrack',
    meaning: 'An old conntrack entry sent the connection to a pod that no longer exists.',
    cure: 'Lower nf_conntrack_tcp_timeout_syn_sent on the client’s node.',
  },
  'keep-alive-close-race': {
    name: 'keep-alive close race',
    meaning: 'The request was sent on a kept-alive connection while the pod was closing it.',
    cure: 'Answer with Connection: close while draining, before the connection is closed.',
  },
  'http-error': {
    name: 'HTTP error',
    meaning: 'The application itself answered with an error.',
    cure: 'Read the application’s log.',
  },
  unattributed: {
    name: 'unattributed',
    meaning: 'The evidence does not decide the cause.',
    cure: 'Look at the evidence lines; a watch gap or a missing log is the usual reason.',
  },
} as const satisfies Record<string, { name: string; meaning: string; cure: string }>;

export type Cause = keyof typeof causes;
export const causeOrder = Object.keys(causes) as Cause[];
