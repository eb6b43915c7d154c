import { type About, type ContainerState, type EventSource, eventsSchema, type PodState } from '../../model/event.ts';
import type { Json, Micros, Ms } from '../../model/units.ts';
import { leaseOf, nodeOf, objectOf, subjectOf } from './about.ts';
import { at } from './clocks.ts';
import { podObject } from './pods.ts';
import {
  forever,
  type Outage,
  type Pod,
  phasesOf,
  type Recorders,
  type Slice,
  times,
  type World,
  within,
} from './world.ts';

type Write = (moment: Ms, source: EventSource, type: string, about: About, data: unknown) => void;

/** The lines that the watches and the harness record for a simulated arm. */
export function events(world: World, slices: readonly Slice[], { lateMs, heldUp, random }: Recorders): string[] {
  const notes: { readonly at: Micros; readonly line: string }[] = [];
  const note: Write = (moment, source, type, about, data) => {
    // The engine stamps its own events. All other events get the time of the harness's event loop.
    const noted = source !== 'container' && heldUp && within(moment, heldUp) ? heldUp.to : moment;
    const event = { at: at(noted), source, type, ...about, data: data as Json };
    notes.push({ at: event.at, line: JSON.stringify(event) });
  };
  // While the API server does not answer, no event arrives. Each watch delivers its events in order.
  const arrived = new Map<string, Ms>();
  const seen = (moment: Ms, watch: string, slow: Ms = 0): Ms => {
    const told = within(moment, world.apiDown) ? (world.apiDown?.to ?? moment) : moment;
    const arrival = Math.max(told + 2 + random() * (lateMs + slow), arrived.get(watch) ?? 0);
    arrived.set(watch, arrival);
    return arrival;
  };
  phases(world, note);
  const namespace = world.plan?.namespace;
  const inNamespace = { ...(namespace !== undefined && { namespace }) };
  const [slice, deployment] = [
    objectOf('EndpointSlice', 'web-abc', inNamespace),
    objectOf('Deployment', 'web', inNamespace),
  ];
  for (const pod of world.pods)
    podWatch(pod, (moment, slow, type, state) =>
      note(seen(moment, pod.name, slow), 'pod', type, podObject(pod, namespace), state),
    );
  for (const { at: moment, endpoints } of slices) {
    const shown = endpoints.map(({ pod, ...conditions }) => {
      const { subject: uid, name } = podObject(pod);
      return { ip: pod.ip, pod: name, uid, node: pod.node, ...conditions };
    });
    note(seen(moment, 'slices'), 'endpointslice', 'modified', slice, {
      service: 'web',
      addressType: 'IPv4',
      endpoints: shown,
    });
  }
  const generations = [
    { at: 0, count: 3, generation: 1 },
    ...(world.desired ?? []).map((desired) => ({ ...desired, generation: 1 })),
    ...(world.rolledOutAt === undefined ? [] : [{ at: world.rolledOutAt, count: 3, generation: 2 }]),
  ];
  for (const { at: moment, count, generation } of generations) {
    const state = {
      generation,
      observedGeneration: generation,
      desired: count,
      replicas: count,
      updated: count,
      ready: count,
      available: count,
    };
    note(seen(moment, 'deployment'), 'deployment', 'modified', deployment, state);
  }
  for (const node of world.nodes) nodeWatch(world, node, note, seen);
  if (world.signsOfLife) signsOfLife(world, note, seen);
  for (const { at: moment, pod, code } of world.evictions ?? [])
    note(moment + 5, 'eviction', 'answer', podNamed(world, pod, moment), {
      disruption: 'drain',
      node: '',
      code,
      message: '',
    });
  for (const { at: moment, subject, reason, message } of world.events ?? [])
    note(seen(moment, 'events'), 'k8s-event', 'added', podNamed(world, subject, moment), {
      reason,
      message,
      type: 'Warning',
    });
  const scheduled = { reason: 'Scheduled', message: '', type: 'Normal' };
  for (const pod of world.pods) note(pod.created + 20, 'k8s-event', 'added', podObject(pod, namespace), scheduled);
  note(100, 'api-server', 'ready', subjectOf('api-server'), { ready: true, reason: '' });
  if (world.apiDown) {
    note(world.apiDown.from + random() * 500, 'api-server', 'down', subjectOf('api-server'), {
      ready: false,
      reason: 'refused',
    });
    note(world.apiDown.to + random() * 500, 'api-server', 'ready', subjectOf('api-server'), {
      ready: true,
      reason: '',
    });
  }
  const lines = notes.sort((one, other) => one.at - other.at).map(({ line }) => line);
  return [JSON.stringify({ schema: eventsSchema }), ...lines];
}

/** The pod that had a name at a time. */
function podNamed({ pods }: World, name: string, moment: Ms): About {
  const pod = pods.findLast((each) => each.name === name && each.created <= moment);
  return pod ? podObject(pod) : objectOf('Pod', name);
}

function phases(world: World, note: Write): void {
  const arm = subjectOf(world.plan?.name ?? 'world');
  const marks = { deploy: 0, ...phasesOf(world), undone: recordedUntil(world) };
  for (const [phase, moment] of Object.entries(marks))
    note(moment, 'phase', phase, arm, phase === 'undone' ? { errors: [] } : {});
  const own = world.notes ?? [
    { at: times.fault + 1, source: 'fault', type: 'intent', about: subjectOf('it'), data: { fault: 'any' } },
  ];
  for (const { at: moment, source, type, about, data } of own) note(moment, source, type, about, data);
}

/** The kubelet lists its containers once a second. */
const relists: Ms = 900;

function podWatch(pod: Pod, note: (moment: Ms, slow: Ms, type: string, state: PodState) => void): void {
  const changes: { readonly moment: Ms; readonly slow: Ms }[] = [
    pod.created,
    pod.deleted,
    ...pod.ready.flatMap(({ from, to }) => [from, to]),
  ]
    .filter((moment) => moment !== undefined && moment !== forever)
    .map((moment) => ({ moment: moment ?? 0, slow: 0 }));
  for (const [index, { boot, end }] of pod.lives.entries()) {
    changes.push({ moment: boot, slow: index === 0 ? 0 : relists });
    // If a container is restarted before the kubelet lists its containers again, its end is not reported.
    const again = pod.lives[index + 1]?.boot ?? forever;
    if (end && again - end.at >= relists) changes.push({ moment: end.at, slow: relists });
  }
  if (pod.sidecar) for (const moment of Object.values(pod.sidecar)) changes.push({ moment, slow: relists });
  for (const [index, { moment, slow }] of changes.sort((one, other) => one.moment - other.moment).entries())
    note(moment, slow, index === 0 ? 'added' : 'modified', podAt(pod, moment));
  if (pod.gone !== undefined) note(pod.gone, 0, 'deleted', podAt(pod, pod.gone));
}

function podAt(pod: Pod, moment: Ms): PodState {
  const terminating = moment >= (pod.deleted ?? forever);
  const begun = pod.lives.filter(({ boot }) => boot <= moment);
  const life = begun.at(-1);
  const ended = life?.end && life.end.at <= moment ? life.end : undefined;
  const before = begun.at(-2)?.end;
  const container: ContainerState = {
    name: 'server',
    ready: false,
    restartCount: Math.max(0, begun.length - 1),
    state: ended ? 'terminated' : 'running',
    reason: ended?.reason ?? '',
    exitCode: ended?.exitCode ?? null,
    ended: before ? { reason: before.reason, exitCode: before.exitCode } : null,
  };
  return {
    node: pod.node,
    ip: life ? pod.ip : '',
    phase: life ? 'Running' : 'Pending',
    ready: pod.ready.some((span) => within(moment, span)),
    revision: pod.revision,
    version: pod.version,
    terminating,
    graceSeconds: null,
    containers: life ? [container, ...sidecarAt(pod, moment)] : [],
  };
}

function sidecarAt({ sidecar }: Pod, moment: Ms): ContainerState[] {
  if (!sidecar) return [];
  const over = { reason: 'Error', exitCode: 1 };
  const running = {
    name: 'sidecar',
    ready: true,
    restartCount: 0,
    state: 'running',
    reason: '',
    exitCode: null,
  } as const;
  if (moment < sidecar.ends) return [{ ...running, ended: null }];
  if (moment < sidecar.again) return [{ ...running, ready: false, state: 'terminated', ...over, ended: null }];
  return [{ ...running, restartCount: 1, ended: over }];
}

/** If watches send signs of life, each sends one more after the end. */
const recordedUntil = ({ end, signsOfLife }: World): Ms => end + (signsOfLife ? 6500 : 1000);

/** Watches that the server ends every 5 s, and that are then resumed. */
const watches = ['pod', 'endpointslice', 'deployment', 'k8s-event', 'budget', 'lease', 'node'];

function signsOfLife(world: World, note: Write, seen: (moment: Ms, watch: string) => Ms): void {
  const end = recordedUntil(world);
  for (const node of world.nodes)
    for (let moment = 400; moment < end; moment += 1000)
      note(seen(moment, node), 'node', 'modified', nodeOf(node), nodeState('True'));
  for (const [index, watch] of watches.entries())
    for (let moment = 200 + index * 300; moment < end; moment += 5000)
      note(seen(moment, `signs of ${watch}`), 'watch', 'alive', subjectOf(watch), {});
}

const nodeState = (ready: string) => ({ ready, unschedulable: false, taints: [], conditions: [], zone: '', rack: '' });

const engineLate: Ms = 120;

/** The time after which the control plane notices that a node is silent. */
export const noticedAfter: Ms = 4000;

function nodeWatch(world: World, node: string, note: Write, seen: (moment: Ms, watch: string) => Ms): void {
  const { outages = [], apiDown } = world;
  const own: Outage | undefined = outages.find((outage) => outage.node === node);
  note(seen(100, node), 'node', 'added', nodeOf(node), nodeState('True'));
  const until = world.signsOfLife ? recordedUntil(world) : world.end;
  for (let moment = 300; moment < until; moment += 1000)
    if (!within(moment, own) && !within(moment, apiDown))
      note(seen(moment, `lease ${node}`), 'lease', 'modified', leaseOf(node), {
        renewed: new Date(at(moment) / 1000).toISOString(),
      });
  if (!own) return;
  note(seen(own.from + noticedAfter, node), 'node', 'modified', nodeOf(node), nodeState('Unknown'));
  const engine = {
    off: { type: 'die', state: 'exited', exitCode: 137 },
    frozen: { type: 'pause', state: 'paused', exitCode: null },
  };
  if (own.how === 'cut off') return;
  const { type, ...data } = engine[own.how];
  // The engine's events do not depend on the API server.
  note(own.from + engineLate, 'container', type, subjectOf(node), data);
}
