/**
 * The causes of failed requests. They are tried in this order, and the first that matches wins. `name` is used in
 * reports, `meaning` explains the cause, `cure` says what to change.
 */
export const causes = {
  'generator-fault': {
    name: 'generator fault',
    meaning: 'The load generator had no free port or no CPU time to send the request.',
    cure: 'Lower the rate, or stop other work on the machine.',
  },
  'dns-failure': {
    name: 'DNS failure',
    meaning: 'The name of the Service was not resolved, so no connection was tried.',
    cure: 'Run CoreDNS on more than one node, and check its log.',
  },
  'lost-with-its-node': {
    name: 'lost with its node',
    meaning: 'The request was on a connection to a pod whose node went down.',
    cure: 'Retry idempotent requests. A shorter time-out detects the loss sooner.',
  },
  'killed-in-flight': {
    name: 'killed in flight',
    meaning: 'The pod exited while it was answering the request.',
    cure: 'Finish open requests on SIGTERM, and set a grace period that is longer than the longest request.',
  },
  'response-lost': {
    name: 'response lost',
    meaning: 'The pod logged its answer, but the client did not receive it.',
    cure: 'Check the network between pod and client: a partition, a proxy, a connection that was reset.',
  },
  overload: {
    name: 'overload',
    meaning: 'The pod received the request but did not answer within the client’s time-out.',
    cure: 'Add replicas so that the remaining ones can carry the load, or raise the client’s time-out.',
  },
  'no-endpoint': {
    name: 'no endpoint',
    meaning: 'The Service had no usable endpoint, so its traffic was rejected.',
    cure: 'Keep at least one replica ready: set maxUnavailable, a disruption budget and a correct readiness probe.',
  },
  'node-down': {
    name: 'node down',
    meaning: 'The node of the pod was down, cut off or frozen, but connections were still routed to the pod.',
    cure: 'Spread replicas over nodes with anti-affinity. The failures last as long as the node monitor grace period.',
  },
  'not-listening-yet': {
    name: 'not listening yet',
    meaning: 'Connections were routed to the pod before its process listened.',
    cure: 'Add a readiness probe.',
  },
  'terminated-still-routed': {
    name: 'terminated, still routed to',
    meaning: 'The pod had closed its listener, but the client’s node still had a rule that routed to it.',
    cure: 'Add a preStop sleep that is longer than the time until kube-proxy removes the rule.',
  },
  'crash-window': {
    name: 'crash window',
    meaning: 'The container had exited and was not restarted yet, while the pod was still routed to.',
    cure: 'Find out why it exits. A readiness probe shortens the window.',
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
    meaning: 'The evidence does not determine the cause.',
    cure: 'Check the evidence lines. The usual reasons are a watch gap and a missing log.',
  },
} as const satisfies Record<string, { name: string; meaning: string; cure: string }>;

export type Cause = keyof typeof causes;
export const causeOrder = Object.keys(causes) as Cause[];
