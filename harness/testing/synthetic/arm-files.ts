import assert from 'node:assert/strict';
import type { ProxyMode } from '../../model/cluster.ts';
import {
  type About,
  type ClockSample,
  type DeploymentState,
  type EndpointState,
  type EventSource,
  eventsSchema,
  type PodState,
  type RecordedEvent,
  type WorkloadEvent,
} from '../../model/event.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { requestFields } from '../../model/request.ts';
import type { Json, Ms } from '../../model/units.ts';
import { leaseOf, nodeOf, objectOf, subjectOf } from './about.ts';
import { armJson, recordedOfWorlds } from './arm-json.ts';
import { connectionNumbers, rowLine } from './request-lines.ts';
import { sources, type TrueRequest } from './requests.ts';
import { clusterIp, ruleLines } from './rule-lines.ts';
import { at, epoch, stamp, type TruePod, type World } from './world.ts';

/** Files by their path, each as its lines. */
export interface Files {
  [path: string]: string[];
}

/** What recorders would have written of such a world. */
export function armFiles(
  plan: ArmPlan,
  world: World,
  {
    requests,
    proxyMode,
    random,
  }: {
    readonly requests: readonly TrueRequest[];
    readonly proxyMode: ProxyMode;
    readonly random: () => number;
  },
): Files {
  const files: Files = {
    'arm.json': [armJson(plan, { recorded: [...recordedOfWorlds, 'signs-of-life', `${proxyMode}-rules`] })],
    'events.ndjson': eventLines(plan, world, random),
    'conntrack.log': conntrackLines(requests),
    'rules.log': ruleLines(world, proxyMode),
    'clock.ndjson': clockLines(world),
  };
  for (const gen of Object.keys(sources)) {
    const own = requests.filter((request) => request.gen === gen);
    files[`requests-${gen}.ndjson`] = requestLines(plan, gen, own);
  }
  for (const pod of world.pods) files[`workload/${pod.name}.ndjson`] = podLog(pod, requests);
  return files;
}

function requestLines(plan: ArmPlan, gen: string, requests: readonly TrueRequest[]): string[] {
  const conn = gen === 'fresh' ? 'fresh' : 'kept-alive';
  assert.ok(plan.traffic, 'an arm without traffic sends nothing');
  const { freshPerSecond, keptAlivePerSecond, timeoutMs } = plan.traffic;
  const header = {
    schema: 'holdfast.requests/2',
    gen,
    conn,
    clock: 'the-only-one',
    epoch,
    ratePerSecond: conn === 'fresh' ? freshPerSecond : keptAlivePerSecond,
    timeoutMs,
    target: `http://${clusterIp}:80/`,
    fields: requestFields,
  };
  const connectionOf = connectionNumbers(requests);
  const rows = [...requests]
    .sort((one, other) => one.end - other.end)
    .map((request) => row(request, connectionOf(request)));
  const end = at(Math.max(0, ...requests.map((request) => request.end)));
  const httpReqsFailed = requests.filter(({ code }) => code !== 0).length;
  const footer = { footer: true, rows: rows.length, httpReqs: rows.length, httpReqsFailed, droppedIterations: 0, end };
  return [JSON.stringify(header), ...rows, JSON.stringify(footer)];
}

function row(request: TrueRequest, connection: number): string {
  const { gen, seq, due, start, end, code, err, status, reused, sport, target } = request;
  const micros = (moment: Ms) => at(moment) - epoch;
  const answered = status > 0 && target !== undefined;
  return rowLine({
    seq,
    due: micros(due),
    start: micros(start),
    end: micros(end),
    code,
    err,
    status,
    reused,
    attempt: 1,
    sport,
    dst: `${clusterIp}:80`,
    connection,
    source: sources[gen] ?? '',
    protocol: status > 0 ? 'HTTP/1.1' : '',
    podBy: answered ? 'header' : 'none',
    pod: answered ? target.name : '',
    node: answered ? 'worker' : '',
    version: answered ? target.version : '',
  });
}

function conntrackLines(requests: readonly TrueRequest[]): string[] {
  const lines: { readonly at: number; readonly text: string }[] = [];
  for (const { gen, opened, target, sport, code, end } of requests) {
    if (opened === undefined || !target) continue;
    const src = sources[gen] ?? '';
    const tuple = `src=${src} dst=${clusterIp} sport=${sport} dport=80 [UNREPLIED] src=${target.ip} dst=${src} sport=8080 dport=${sport}`;
    lines.push({ at: at(opened), text: `\t    [NEW] tcp      6 3 SYN_SENT ${tuple}` });
    if (code === 1212) lines.push({ at: at(end), text: `\t[DESTROY] tcp      6 3 CLOSE ${tuple}` });
  }
  const events = lines.sort((one, other) => one.at - other.at).map((line) => `[${stamp(line.at)}]${line.text}`);
  return [
    'NOTICE: Netlink socket buffer size has been set to 8388608 bytes.',
    ...events,
    `conntrack v1.4.8 (conntrack-tools): ${events.length} flow events have been shown.`,
  ];
}

/** Which the server ends every 5 s, to be taken up again. */
const watches = ['pod', 'endpointslice', 'deployment', 'k8s-event', 'budget', 'lease', 'node'];

function podLog(pod: TruePod, requests: readonly TrueRequest[]): string[] {
  const events: WorkloadEvent[] = [];
  const log = (type: WorkloadEvent['type'], moment: Ms | undefined, id?: string) => {
    if (moment !== undefined) events.push({ at: at(moment), type, pod: pod.name, ...(id !== undefined && { id }) });
  };
  log('boot', pod.boot);
  log('listen', pod.listen);
  log('sigterm', pod.sigterm);
  log('close', pod.close);
  log('exit', pod.exit);
  for (const { target, served, gen, seq } of requests) {
    if (target !== pod || !served) continue;
    log('start', served.start, `${gen}-${seq}`);
    log('end', served.end, `${gen}-${seq}`);
  }
  return events.sort((one, other) => one.at - other.at).map((event) => JSON.stringify(event));
}

function clockLines({ phases }: World): string[] {
  return Array.from({ length: Math.ceil((phases.end + 1500) / 1000) }, (_, second): string => {
    const moment = at(second * 1000);
    const sample: ClockSample = { at: moment, monotonic: moment - epoch + 77, loopDelayMs: 2, busy: 0.4, steal: 0 };
    return JSON.stringify(sample);
  });
}

function eventLines(plan: ArmPlan, world: World, random: () => number): string[] {
  const events: RecordedEvent[] = [];
  const note = (moment: Ms, source: EventSource, type: string, about: About, data: unknown) =>
    events.push({ at: at(moment), source, type, ...about, data: data as Json });
  const { namespace } = plan;
  const uidOf = ({ name }: TruePod) => `uid-${plan.name}-${name}`;
  const podOf = (pod: TruePod) => objectOf('Pod', pod.name, { namespace, uid: uidOf(pod) });
  const arm = subjectOf(plan.name);
  /** What a watch sees, it sees a little later. */
  const seen = (moment: Ms) => moment + 1 + random() * world.settings.jitterMs;

  note(0, 'phase', 'deploy', arm, {});
  const node = { ready: 'True', unschedulable: false, taints: [], conditions: [], zone: '', rack: '' };
  const [worker, lease] = [nodeOf('worker'), leaseOf('worker')];
  note(3000, 'node', 'added', worker, node);
  note(3000, 'lease', 'added', lease, { renewed: '' });
  for (let moment = 3400; moment < world.phases.end + 6000; moment += 1000)
    note(seen(moment), 'node', 'modified', worker, node);
  for (let moment = 3000; moment < world.phases.end + 6000; moment += 2000)
    note(seen(moment), 'lease', 'modified', lease, { renewed: '' });
  for (const [index, watch] of watches.entries())
    for (let moment = 3200 + index * 300; moment < world.phases.end + 6000; moment += 5000)
      note(seen(moment), 'watch', 'alive', subjectOf(watch), {});
  note(3000, 'api-server', 'ready', subjectOf('api-server'), { ready: true, reason: '' });
  const scheduled = { reason: 'Scheduled', message: '', type: 'Normal' };
  for (const pod of world.pods) note(pod.created + 20, 'k8s-event', 'added', podOf(pod), scheduled);
  for (const [phase, moment] of Object.entries(world.phases)) note(moment, 'phase', phase, arm, {});
  note(world.phases.end + 6500, 'phase', 'undone', arm, { errors: [] });
  for (const { id, fault } of plan.disruptions) {
    const oldPods = world.pods.filter(({ version }) => version === 'v1').map(({ name }) => name);
    const planned = { deployment: 'web', generation: 1, from: 'v1', to: 'v2', oldPods };
    note(world.phases.fault + 5, 'fault', 'intent', subjectOf(id), { fault: fault.name, plan: planned });
    note(world.phases.fault + 20, 'fault', 'injected', subjectOf(id), { fault: fault.name });
    note(world.phases.tail - 20, 'fault', 'landed', subjectOf(id), { fault: fault.name });
  }
  for (const pod of world.pods)
    notePod(pod, (moment, type, state) => note(seen(moment), 'pod', type, podOf(pod), state));
  const slice = objectOf('EndpointSlice', 'web-abc', { namespace });
  const changes = [2650, ...world.pods.flatMap(({ boot, ready, deleted, gone }) => [boot, ready, deleted, gone])];
  for (const moment of changes.filter((change) => change !== undefined)) {
    const endpoints = world.pods.flatMap((pod) => endpointAt(pod, uidOf(pod), moment));
    note(moment + 20 + random() * world.settings.jitterMs, 'endpointslice', 'modified', slice, {
      service: 'web',
      addressType: 'IPv4',
      endpoints,
    });
  }
  const generation = (count: number): DeploymentState => ({
    generation: count,
    observedGeneration: count,
    desired: 3,
    replicas: 3,
    updated: 3,
    ready: 3,
    available: 3,
  });
  const deployment = objectOf('Deployment', 'web', { namespace });
  note(3000, 'deployment', 'added', deployment, generation(1));
  if (world.settings.rollout) note(world.phases.fault + 60, 'deployment', 'modified', deployment, generation(2));
  const lines = events.sort((one, other) => one.at - other.at).map((event) => JSON.stringify(event));
  return [JSON.stringify({ schema: eventsSchema }), ...lines];
}

function notePod(pod: TruePod, note: (moment: Ms, type: string, state: PodState) => void): void {
  const container = {
    name: 'server',
    ready: false,
    restartCount: 0,
    state: 'running' as const,
    reason: '',
    exitCode: null as number | null,
    ended: null,
  };
  const ended = { ...container, state: 'terminated' as const, reason: 'Completed', exitCode: 0, ended: null };
  const state = (change: Partial<PodState>): PodState => ({
    node: 'worker',
    ip: pod.ip,
    phase: 'Running',
    ready: false,
    version: pod.version,
    terminating: false,
    graceSeconds: null,
    containers: [container],
    ...change,
  });
  note(pod.created, 'added', state({ phase: 'Pending', ip: '', containers: [] }));
  note(pod.boot, 'modified', state({}));
  note(pod.ready, 'modified', state({ ready: true }));
  if (pod.deleted !== undefined) note(pod.deleted, 'modified', state({ ready: true, terminating: true }));
  if (pod.exit !== undefined) note(pod.exit + 100, 'modified', state({ terminating: true, containers: [ended] }));
  if (pod.gone !== undefined) note(pod.gone, 'deleted', state({ terminating: true, containers: [ended] }));
}

function endpointAt(pod: TruePod, uid: string, moment: Ms): EndpointState[] {
  if (moment < pod.boot || (pod.gone !== undefined && moment >= pod.gone)) return [];
  const terminating = pod.deleted !== undefined && moment >= pod.deleted;
  const serving = moment >= pod.ready;
  return [{ ip: pod.ip, pod: pod.name, uid, node: 'worker', ready: serving && !terminating, serving, terminating }];
}
