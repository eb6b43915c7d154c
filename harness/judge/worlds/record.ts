import type { ContainerState, EventSource, PodState, WorkloadEvent } from '../../model/event.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { requestFields } from '../../model/request.ts';
import type { Json, Micros, Ms } from '../../model/units.ts';
import type { Sent } from './traffic.ts';
import { clientWaits, forever, type Outage, type Pod, type Slice, times, type World, within } from './world.ts';

/** Files of an arm by their path, each as its lines. */
export interface Lines {
  [path: string]: string[];
}

/** How far recorders are from the truth. */
export interface Recorders {
  /** Clocks of the pods' logs and of conntrack are up to so much ahead of the generators'. */
  readonly skewMs: Ms;
  /** What a watch sees, it sees up to so much later. */
  readonly lateMs: Ms;
  readonly random: () => number;
}

export const rates = { fresh: 60, keptAlive: 30 };
const epoch: Micros = 1_795_000_000_000_000;
const at = (moment: Ms): Micros => epoch + Math.round(moment * 1000);
const clusterIp = '10.96.0.20';
const sources = { fresh: '10.244.9.5', 'kept-alive': '10.244.9.6' } as const;

/** What recorders write of a world. */
export function recordAll(world: World, slices: readonly Slice[], sent: readonly Sent[], recorders: Recorders): Lines {
  const { skewMs, random } = recorders;
  const files: Lines = {
    'arm.json': [JSON.stringify(planOf(world))],
    'events.ndjson': events(world, slices, recorders),
    'conntrack.log': connections(sent, random() * skewMs),
    'clock.ndjson': clock(world),
    'requests-fresh.ndjson': requests(sent, 'fresh'),
    'requests-kept-alive.ndjson': requests(sent, 'kept-alive'),
  };
  for (const pod of world.pods) files[`workload/${pod.name}.ndjson`] = podLog(pod, sent, random() * skewMs);
  return files;
}

const planOf = ({ story, readiness = true, preStopMs = 0, graceMs = 30_000, recreate = false }: World): ArmPlan => ({
  name: 'world',
  role: 'unprotected',
  says: story,
  namespace: 'hf-world',
  workload: {
    replicas: 3,
    maxSurge: 1,
    maxUnavailable: 0,
    readiness,
    preStopSeconds: preStopMs / 1000,
    graceSeconds: graceMs / 1000,
    startDelayMs: 1000,
    drain: 'graceful',
    workMs: 0,
    strategy: recreate ? 'Recreate' : 'RollingUpdate',
    budget: null,
    antiAffinity: 'none',
    antiAffinityOver: 'hostname',
    scheduler: 'default-scheduler',
    busyWorkers: 0,
    dependency: false,
  },
  traffic: {
    freshPerSecond: rates.fresh,
    keptAlivePerSecond: rates.keptAlive,
    timeoutMs: clientWaits,
    from: 'control-plane',
  },
  phases: { warmupMs: 1000, baselineMs: 2000, quietMs: 4000, tailMs: 1000 },
  disruptions: [],
  expect: { kind: 'observed' },
  demands: [],
});

function requests(sent: readonly Sent[], gen: Sent['gen']): string[] {
  const own = sent.filter((request) => request.gen === gen).sort((one, other) => one.end - other.end);
  const header = {
    schema: 'holdfast.requests/1',
    gen,
    conn: gen,
    clock: 'the-generators',
    epoch,
    ratePerSecond: gen === 'fresh' ? rates.fresh : rates.keptAlive,
    timeoutMs: clientWaits,
    target: `http://${clusterIp}:80/`,
    fields: requestFields,
  };
  const rows = own.map(({ seq, due, start, end, code, err, status, reused, sport, pod }) => {
    const moments = [due, start, end].map((moment) => at(moment) - epoch);
    const who = status > 0 && pod ? [pod.name, pod.node, pod.version] : ['', '', ''];
    return JSON.stringify([seq, ...moments, code, err, status, reused, 1, sport, `${clusterIp}:80`, ...who]);
  });
  const footer = {
    footer: true,
    rows: rows.length,
    httpReqs: rows.length,
    droppedIterations: 0,
    end: at(own.at(-1)?.end ?? 0),
  };
  return [JSON.stringify(header), ...rows, JSON.stringify(footer)];
}

function connections(sent: readonly Sent[], ahead: Ms): string[] {
  const stamped: { readonly at: Micros; readonly text: string }[] = [];
  for (const { gen, opened, pod, sport, code, end } of sent) {
    if (opened === undefined || !pod) continue;
    const src = sources[gen];
    const tuple = `src=${src} dst=${clusterIp} sport=${sport} dport=80 [UNREPLIED] src=${pod.ip} dst=${src} sport=8080 dport=${sport}`;
    stamped.push({ at: at(opened + ahead), text: `\t    [NEW] tcp      6 3 SYN_SENT ${tuple}` });
    if (code === 1212) stamped.push({ at: at(end + ahead), text: `\t[DESTROY] tcp      6 3 CLOSE ${tuple}` });
  }
  return stamped
    .sort((one, other) => one.at - other.at)
    .map((line) => `[${Math.floor(line.at / 1e6)}.${String(line.at % 1e6).padStart(6, '0')}]${line.text}`);
}

/** A pod whose node is off or frozen writes nothing meanwhile; that is in the truth already. */
function podLog(pod: Pod, sent: readonly Sent[], ahead: Ms): string[] {
  const written: WorkloadEvent[] = [];
  const log = (moment: Ms | undefined, type: WorkloadEvent['type'], id?: string) => {
    if (moment === undefined || moment === forever) return;
    written.push({ at: at(moment + ahead), type, pod: pod.name, ...(id !== undefined && { id }) });
  };
  for (const { boot, listen, end } of pod.lives) {
    log(boot, 'boot');
    if (listen < (end?.at ?? forever)) log(listen, 'listen');
    if (end?.logged) log(end.at, 'exit');
  }
  log(pod.sigterm, 'sigterm');
  log(pod.close, 'close');
  for (const { gen, seq, pod: reached, served } of sent) {
    if (reached !== pod || !served) continue;
    log(served.start, 'start', `${gen}-${seq}`);
    log(served.end, 'end', `${gen}-${seq}`);
  }
  return written.sort((one, other) => one.at - other.at).map((event) => JSON.stringify(event));
}

const clock = ({ end }: World): string[] =>
  Array.from({ length: Math.ceil((end + 1500) / 1000) }, (_, second) =>
    JSON.stringify({ at: at(second * 1000), monotonic: second * 1e6 + 77, loopDelayMs: 2, busy: 0.4, steal: 0 }),
  );

type Note = (moment: Ms, source: EventSource, type: string, subject: string, data: unknown) => void;

function events(world: World, slices: readonly Slice[], { lateMs, random }: Recorders): string[] {
  const notes: { readonly at: Micros; readonly line: string }[] = [];
  const note: Note = (moment, source, type, subject, data) => {
    const event = { at: at(moment), source, type, subject, data: data as Json };
    notes.push({ at: event.at, line: JSON.stringify(event) });
  };
  // While the API server does not answer, nothing arrives; each watch hands out its events in their order.
  const arrived = new Map<string, Ms>();
  const seen = (moment: Ms, watch: string, slow: Ms = 0): Ms => {
    const told = within(moment, world.apiDown) ? (world.apiDown?.to ?? moment) : moment;
    const arrival = Math.max(told + 2 + random() * (lateMs + slow), arrived.get(watch) ?? 0);
    arrived.set(watch, arrival);
    return arrival;
  };
  phases(world, note);
  for (const pod of world.pods)
    podWatch(pod, (moment, slow, type, state) => note(seen(moment, pod.name, slow), 'pod', type, pod.name, state));
  for (const { at: moment, endpoints } of slices) {
    const shown = endpoints.map(({ pod: { name, ip, node }, ...conditions }) => ({
      ip,
      pod: name,
      node,
      ...conditions,
    }));
    note(seen(moment, 'slices'), 'endpointslice', 'modified', 'web-abc', { service: 'web', endpoints: shown });
  }
  for (const { at: moment, count } of [{ at: 0, count: 3 }, ...(world.desired ?? [])]) {
    const state = {
      generation: 1,
      observedGeneration: 1,
      desired: count,
      replicas: count,
      updated: count,
      ready: count,
      available: count,
    };
    note(seen(moment, 'deployment'), 'deployment', 'modified', 'web', state);
  }
  for (const node of world.nodes) nodeWatch(world, node, note, seen);
  for (const { at: moment, pod, code } of world.evictions ?? [])
    note(moment + 5, 'eviction', 'answer', pod, { disruption: 'drain', node: '', code, message: '' });
  for (const { at: moment, subject, reason, message } of world.events ?? [])
    note(seen(moment, 'events'), 'k8s-event', 'added', subject, { kind: 'Pod', reason, message, type: 'Warning' });
  if (world.apiDown) {
    note(world.apiDown.from + random() * 500, 'api-server', 'down', 'api-server', { ready: false, reason: 'refused' });
    note(world.apiDown.to + random() * 500, 'api-server', 'ready', 'api-server', { ready: true, reason: '' });
  }
  return notes.sort((one, other) => one.at - other.at).map(({ line }) => line);
}

function phases({ story, end }: World, note: Note): void {
  note(0, 'phase', 'deploy', story, {});
  const marks = {
    warmup: times.warmup,
    baseline: times.baseline,
    fault: times.fault,
    tail: end - 500,
    end,
    undone: end + 1000,
  };
  for (const [phase, moment] of Object.entries(marks)) note(moment, 'phase', phase, story, {});
  note(times.fault + 1, 'fault', 'intent', 'it', { fault: 'whatever', plan: null });
}

function podWatch(pod: Pod, note: (moment: Ms, slow: Ms, type: string, state: PodState) => void): void {
  const changes: { readonly moment: Ms; readonly slow: Ms }[] = [
    pod.created,
    pod.deleted,
    ...pod.ready.flatMap(({ from, to }) => [from, to]),
  ]
    .filter((moment) => moment !== undefined && moment !== forever)
    .map((moment) => ({ moment: moment ?? 0, slow: 0 }));
  for (const { boot, end } of pod.lives) {
    changes.push({ moment: boot, slow: 0 });
    // The kubelet lists its containers once a second.
    if (end) changes.push({ moment: end.at, slow: 900 });
  }
  for (const [index, { moment, slow }] of changes.sort((one, other) => one.moment - other.moment).entries())
    note(moment, slow, index === 0 ? 'added' : 'modified', podAt(pod, moment));
  if (pod.gone !== undefined) note(pod.gone, 0, 'deleted', podAt(pod, pod.gone));
}

function podAt(pod: Pod, moment: Ms): PodState {
  const terminating = moment >= (pod.deleted ?? forever);
  const begun = pod.lives.filter(({ boot }) => boot <= moment);
  const life = begun.at(-1);
  const ended = life?.end && life.end.at <= moment ? life.end : undefined;
  const container: ContainerState = {
    name: 'server',
    ready: false,
    restartCount: Math.max(0, begun.length - 1),
    state: ended ? 'terminated' : 'running',
    reason: ended?.reason ?? '',
    exitCode: ended?.exitCode ?? null,
    ended: null,
  };
  return {
    uid: `uid-${pod.name}`,
    node: pod.node,
    ip: life ? pod.ip : '',
    phase: life ? 'Running' : 'Pending',
    ready: pod.ready.some((span) => within(moment, span)),
    version: pod.version,
    terminating,
    graceSeconds: null,
    containers: life ? [container] : [],
  };
}

const engineLate: Ms = 120;

/** How soon the control plane notices that it hears nothing. */
export const noticedAfter: Ms = 4000;

function nodeWatch(
  { outages = [], apiDown, end }: World,
  node: string,
  note: Note,
  seen: (moment: Ms, watch: string) => Ms,
): void {
  const state = (ready: string) => ({ ready, unschedulable: false, taints: [], conditions: [] });
  const own: Outage | undefined = outages.find((outage) => outage.node === node);
  note(seen(100, node), 'node', 'added', node, state('True'));
  for (let moment = 300; moment < end; moment += 1000)
    if (!within(moment, own) && !within(moment, apiDown))
      note(seen(moment, `lease ${node}`), 'lease', 'modified', node, { renewed: '' });
  if (!own) return;
  note(seen(own.from + noticedAfter, node), 'node', 'modified', node, state('Unknown'));
  const engine = {
    off: { type: 'die', state: 'exited', exitCode: 137 },
    frozen: { type: 'pause', state: 'paused', exitCode: null },
  };
  if (own.how === 'cut off') return;
  const { type, ...data } = engine[own.how];
  // The engine speaks without the API server.
  note(own.from + engineLate, 'container', type, node, data);
}
