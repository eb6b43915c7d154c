import type { EventSource } from '../../../model/event.ts';
import type { Ms } from '../../../model/units.ts';
import { killContainer } from '../../../record/fault/process-kill.ts';
import type { Lab } from '../../../record/lab/lab.ts';
import { poll, sleep } from '../../../sys/clock.ts';
import { ExecError, exec } from '../../../sys/exec.ts';
import type { V1EndpointSlice, V1Pod } from '../../../sys/kube.ts';
import { sidecarName } from './changes.ts';
import { untilEvent } from './moment.ts';

/** An arm that is being recorded. */
export interface RunningArm {
  readonly lab: Lab;
  readonly namespace: string;
  /** The file that its events are written into. */
  readonly events: string;
  readonly signal: AbortSignal;
}

/** What a drill does beside an arm, at a moment of it. It undoes all of it, whatever happens. */
export type Beside = (arm: RunningArm) => Promise<void>;

const undoLimitMs: Ms = 60_000;
/** Until an arm is deployed. */
const startLimitMs: Ms = 120_000;

/** When something is done: so long after such an event was recorded. */
export interface At {
  readonly source: EventSource;
  readonly type: string;
  readonly delayMs: Ms;
}

export const atInjection: At = { source: 'fault', type: 'injected', delayMs: 0 };

async function untilMoment({ source, type, delayMs }: At, { events, signal }: RunningArm): Promise<void> {
  await untilEvent(events, { source, type }, signal);
  await sleep(delayMs, signal);
}

/** Pods by label, of one version where that is named, in the order of their names. */
async function podsOf({ lab, namespace }: RunningArm, labels: string): Promise<readonly V1Pod[]> {
  const { items } = await lab.kube.list<V1Pod>('v1', 'Pod', namespace, labels);
  return items.toSorted((one, other) => (one.metadata?.name ?? '').localeCompare(other.metadata?.name ?? ''));
}

async function firstOldPod(arm: RunningArm): Promise<V1Pod> {
  const [first] = await podsOf(arm, 'app=web,version=1');
  if (!first) throw new Error(`no pod of version 1 in ${arm.namespace}`);
  return first;
}

/** Freezes the node of a pod that is to be replaced. */
export const freezeANode =
  (at: At, ms: Ms): Beside =>
  async (arm) => {
    const { lab, signal } = arm;
    await untilMoment(at, arm);
    const node = (await firstOldPod(arm)).spec?.nodeName ?? '';
    try {
      await lab.power.pause(node, signal);
      await sleep(ms, signal);
    } finally {
      await lab.power.start(node, AbortSignal.timeout(undoLimitMs));
    }
  };

/** SIGSTOP to every generator, and SIGCONT after so long. */
export const stopGenerators =
  (at: At, ms: Ms): Beside =>
  async (arm) => {
    const { lab, signal } = arm;
    await untilMoment(at, arm);
    const pids = await pidsOf(lab, await podsOf(arm, 'app=generator'));
    const send = (name: 'STOP' | 'CONT', signal: AbortSignal) =>
      lab.onNode(lab.generator.name, ['kill', `-${name}`, ...pids], { signal });
    try {
      await send('STOP', signal);
      await sleep(ms, signal);
    } finally {
      await send('CONT', AbortSignal.timeout(undoLimitMs));
    }
  };

/** The main process of each pod’s first container, as its node numbers it. */
async function pidsOf(lab: Lab, pods: readonly V1Pod[]): Promise<string[]> {
  const ids = pods.map(({ status }) => status?.containerStatuses?.[0]?.containerID?.replace(/^.*:\/\//, '') ?? '');
  const { stdout } = await lab.onNode(lab.generator.name, ['ctr', '--namespace=k8s.io', 'tasks', 'ls'], {});
  const tasks = new Map(stdout.split('\n').map((line) => line.split(/\s+/, 2) as [string, string]));
  const pids = ids.flatMap((id) => tasks.get(id) ?? []);
  if (pids.length === 0 || pids.length < ids.length)
    throw new Error(`${pids.length} of ${ids.length} generators have a process on ${lab.generator.name}`);
  return pids;
}

/** `timeout` says so when it ended what it ran. */
const timedOut = 124;

/**
 * Two loops that take both processors from everything else, at a real-time priority. A process at a higher one ends both
 * after so long, even if nobody is left to ask for it. One program starts both: this process may not run again before the
 * first has ended.
 */
export const loopInRealTime =
  (at: At, ms: Ms): Beside =>
  async (arm) => {
    await untilMoment(at, arm);
    const loops = ['chrt', '--fifo', '1', 'sh', '-c', 'while :; do :; done & while :; do :; done'];
    const limited = ['--fifo', '2', 'timeout', '--kill-after=1', String(ms / 1000), ...loops];
    await exec('chrt', limited, { signal: arm.signal }).catch((error: unknown) => {
      if (!(error instanceof ExecError) || error.exitCode !== timedOut) throw error;
    });
  };

const shownLimitMs: Ms = 30_000;

/** A new pod is routed to within so long after it is ready. */
const routedWithin: Ms = 3000;

/**
 * SIGKILL to the sidecar of the first new pod: a pod that is not ready is the first that a rollout ends, if it is an old
 * one. Resolves when its kubelet has started the sidecar again.
 */
export const killASidecar =
  (at: At): Beside =>
  async (arm) => {
    await untilMoment(at, arm);
    const pod = await poll('a new pod', startLimitMs, arm.signal, async () => {
      const ready = (await podsOf(arm, 'app=web,version=2')).find(isReady);
      return ready ? { done: ready } : { waitingFor: 'one that is ready' };
    });
    await sleep(routedWithin, arm.signal);
    const { containerID = '', restartCount: restarts = 0 } = sidecarOf(pod) ?? {};
    const container = containerID.replace(/^.*:\/\//, '');
    const [name, node] = [pod.metadata?.name ?? '', pod.spec?.nodeName ?? ''];
    await killContainer(arm.lab, { name, node, container, restarts }, arm.signal);
    await poll('the sidecar to be restarted', shownLimitMs, arm.signal, async () => {
      const all = await podsOf(arm, 'app=web');
      const now = all.find(({ metadata }) => metadata?.uid === pod.metadata?.uid);
      const isAgain = (now && (sidecarOf(now)?.restartCount ?? 0) > restarts) ?? false;
      return isAgain ? { done: true } : { waitingFor: now ? `the one of ${name}` : `${name}, which is gone` };
    });
  };

const isReady = ({ status }: V1Pod): boolean =>
  (status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');

const sidecarOf = ({ status }: V1Pod) => status?.containerStatuses?.find(({ name }) => name === sidecarName);

/** Resolves when another Service has endpoints in the arm's namespace. */
export const seeEndpointsOf =
  (service: string): Beside =>
  async ({ lab, namespace, signal }) => {
    const labels = `kubernetes.io/service-name=${service}`;
    await poll(`endpoints of ${service}`, startLimitMs, signal, async () => {
      const { items } = await lab.kube.list<V1EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', namespace, labels);
      return items.some(({ endpoints }) => (endpoints ?? []).length > 0)
        ? { done: true }
        : { waitingFor: `them in ${namespace}` };
    });
  };
