import type { Files } from '../worlds/files.ts';
import { restamped } from '../worlds/other-clocks.ts';
import { eventDataWith, eventsWith } from './by-hand.ts';
import {
  aboutIn,
  type Edit,
  type Edits,
  lines,
  oneAfterAnother,
  phaseStart,
  podsOf,
  replaced,
  withEvent,
  withoutLines,
} from './edit.ts';
import { ofTwoFamilies } from './endpoints-by-pod.ts';
import { ownedByStatefulSet } from './stateful-set.ts';
import { connections } from './witness-edits.ts';

const events = /^events/;
const everything = /./;

const inTheFault =
  (ms: number, event: object): Edit =>
  (files) =>
    withEvent((own) => phaseStart(own, 'fault') + ms * 1000, event)(files);

const before = ['deploy', 'warmup', 'baseline', 'fault'];

/**
 * All reports of watches are later, and so is everything that the harness does after waiting for them. Events that the
 * harness records without waiting keep their time. With `waits`, the tail also begins later.
 */
const toldLater = (ms: number, waits: boolean): Edit =>
  eventsWith((event) => {
    const own = event.source === 'phase' && (!waits || before.includes(event.type));
    const byItself = event.source === 'container' || event.source === 'eviction';
    const isDone = own || byItself || (event.source === 'fault' && event.type === 'intent');
    return isDone ? event : { ...event, at: event.at + ms * 1000 };
  });

/** Conntrack gets no CPU time for `ms` of each `everyMs`, and then reads the events of that time. */
const readLater = (ms: number, everyMs: number): Edit =>
  connections((all) =>
    all.map((line) =>
      restamped(line, (at) => {
        const into = at % (everyMs * 1000);
        return into < ms * 1000 ? at - into + ms * 1000 : at;
      }),
    ),
  );

const asIpv6 = (line: string): string =>
  line
    .replace(/\b10\.96\.(\d+)\.(\d+):(\d+)/g, '[fd00:10:96::$1:$2]:$3')
    .replace(/\b10\.96\.(\d+)\.(\d+)/g, 'fd00:10:96::$1:$2')
    .replace(/\b10\.244\.(\d+)\.(\d+)/g, 'fd00:10:244::$1:$2');

/** A dual-stack Service whose clients use its IPv6 address, while the watch shows only the IPv4 addresses of pods. */
const overIpv6: Edit = oneAfterAnother(
  ofTwoFamilies,
  lines(/^(?:conntrack|requests)/, (all) => all.map(asIpv6)),
);

const sidecar = {
  name: 'proxy',
  ready: true,
  restartCount: 0,
  state: 'running',
  reason: '',
  exitCode: null,
  ended: null,
};

/** Adds a second container to each pod. */
const withSidecar =
  (change: (own: typeof sidecar, at: number, files: Files) => object): Edit =>
  (files) =>
    eventsWith((event) => {
      if (event.source !== 'pod') return event;
      const data = event.data as { readonly containers: readonly object[] };
      if (data.containers.length === 0) return event;
      return { ...event, data: { ...data, containers: [...data.containers, change(sidecar, event.at, files)] } };
    })(files);

/** The second container of the last pod, which is not terminated, ends in the fault phase and is restarted. */
function restartedSidecar(files: Files): Files {
  const pod = podsOf(files).at(-1);
  const last = files['events.ndjson']?.findLast((line) => line.includes('"source":"pod"') && line.includes(`"${pod}"`));
  const { at, ...seen } = JSON.parse(last ?? '{}') as { at: number };
  const [from, to] = [at + 200_000, at + 1_400_000];
  const told = oneAfterAnother(...[from, to].map((at) => withEvent(() => at, { ...seen, type: 'modified' })));
  return withSidecar((own, at) => {
    if (at < from) return own;
    const over = { reason: 'Error', exitCode: 1 };
    if (at < to) return { ...own, ready: false, state: 'terminated', ...over };
    return { ...own, restartCount: 1, ended: over };
  })(told(files));
}

const gone = (line: string) => line.includes('"source":"pod"') && line.includes('"terminating":true');

/** Adds events of the kubelet that it stops each terminated pod. */
const stopping: Edit = (files) => {
  const ended = new Map<string, number>();
  for (const line of files['events.ndjson']?.filter(gone) ?? []) {
    const { at, name } = JSON.parse(line) as { at: number; name: string };
    if (!ended.has(name)) ended.set(name, at + 40_000);
  }
  const said = (text: string) =>
    [...ended].map(([name, at]) =>
      withEvent(() => at, {
        source: 'k8s-event',
        type: 'added',
        ...aboutIn(files, 'pod', name),
        data: { reason: 'Killing', message: text, type: 'Normal' },
      }),
    );
  return oneAfterAnother(...said('Stopping container server'), ...said('Stopping container proxy'))(files);
};

/** Clusters of another kind or version that did what was planned. For an arm that replaces its pods. */
export const unusualClusters: Edits = {
  'a slice of a second address family, reported 0.3 s later': (files) =>
    eventsWith((event) => (event.subject.startsWith('v6-') ? { ...event, at: event.at + 300_000 } : event))(
      ofTwoFamilies(files),
    ),
  'a slice of a second address family, reported 0.3 s before the first': (files) =>
    eventsWith((event) =>
      event.source === 'endpointslice' && !event.subject.startsWith('v6-')
        ? { ...event, at: event.at + 300_000 }
        : event,
    )(ofTwoFamilies(files)),
  'nodes with unknown conditions': eventDataWith('node', () => ({ conditions: ['KernelHasNoDeadlock'] })),
  'Deployments that count terminating replicas': eventDataWith('deployment', () => ({ terminatingReplicas: 0 })),
  'pods with an observed generation and resources': eventDataWith('pod', () => ({
    observedGeneration: 2,
    resources: {},
  })),
  'containers with restart rules and resources': eventDataWith('pod', ({ containers }) => ({
    containers: (containers as object[]).map((each) => ({ ...each, restartPolicyRules: [], resources: {} })),
  })),
  'events with unknown reasons': inTheFault(900, {
    source: 'k8s-event',
    type: 'added',
    subject: 'uid-of-web',
    kind: 'Pod',
    name: 'web',
    data: {
      reason: 'ResizeCompleted',
      message: 'Pod resize completed: {"containers":[]}',
      type: 'Normal',
    },
  }),
  'other messages of the kubelet': replaced(
    events,
    /"message":"(?:Container created|Container started)"/g,
    '"message":"Created container server"',
  ),
  'pods with events of the kubelet that it stops their containers': stopping,
  'a sidecar in each pod': withSidecar((own) => own),
  'a sidecar that restarts': restartedSidecar,
  'a sidecar that restarts after a failed probe': oneAfterAnother(restartedSidecar, (files) =>
    inTheFault(2400, {
      source: 'k8s-event',
      type: 'added',
      ...aboutIn(files, 'pod', podsOf(files).at(-1)),
      data: { reason: 'Killing', message: 'Init container proxy failed startup probe', type: 'Normal' },
    })(files),
  ),
  'packets and bytes of connections': lines(/^conntrack/, (all) =>
    all.map((line) => (line.startsWith('[') ? line.replaceAll(/( dport=\d+)/g, '$1 packets=6 bytes=412') : line)),
  ),
  'packets and bytes, marks and uses of connections': lines(/^conntrack/, (all) =>
    all.map((line) =>
      line.startsWith('[') ? `${line.replaceAll(/( dport=\d+)/g, '$1 packets=0 bytes=0')} mark=0 zone=2 use=1` : line,
    ),
  ),
  'conntrack that reads nothing for 0.13 s of each 0.2 s': readLater(130, 200),
  'rules of a second address family with the same names': lines(/^rules/, (all) =>
    all.flatMap((line) =>
      / (?:add|delete) rule ip nat /.test(line)
        ? [line, line.replace(' rule ip nat ', ' rule ip6 nat ').replace(/ip daddr \S+/, 'ip6 daddr fd00::1')]
        : [line],
    ),
  ),
  'a StatefulSet that owns the pods': ownedByStatefulSet,
};

/** Rules of IPv6 are not recorded. */
const withoutRules: Edit = withoutLines(/^rules/, /./);

const ofIpv6Alone: Edit = oneAfterAnother(
  withoutRules,
  lines(everything, (all) => all.map(asIpv6)),
);

/** More unusual clusters, for an arm without demands on rules. */
export const otherFamilies: Edits = {
  'clients of a dual-stack Service that use IPv6': overIpv6,
  'a cluster with IPv6 only': ofIpv6Alone,
};

/** Conditions under which nothing can be proved, and the expected message. For an arm that replaces its pods. */
export const unusualAndUnclear: { readonly [what: string]: { readonly edit: Edit; readonly says: RegExp } } = {
  'conntrack that reads nothing for 0.9 s of each 0.95 s': {
    edit: readLater(900, 950),
    says: /recordings-agree: conntrack: of .* at another time/,
  },
  'watches of a slow API server, 2 s late': {
    edit: toldLater(2000, true),
    says: /got SIGTERM \d\.\d+ s before the reports of the watch allow it|listened before the pod watch saw it/,
  },
  'no conntrack on the client’s node': {
    edit: (files) => ({ ...files, 'conntrack.log': [] }),
    says: /conntrack saw none of its connections|conntrack: of .* missing/,
  },
};

/**
 * For an arm whose disruption lands shortly before the tail, or, with `waits`, whose tail begins later by the same
 * delay.
 */
export const slowApiServer = (waits: boolean): Edits => ({
  'watches of a slow API server, 0.5 s late': toldLater(500, waits),
});
