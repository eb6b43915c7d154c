import type { EventSource } from '../../../model/event.ts';
import type { Ms } from '../../../model/units.ts';
import { killContainer } from '../../../record/fault/process-kill.ts';
import { helperSelector, helpersNamespace } from '../../../record/lab/helpers.ts';
import type { Lab } from '../../../record/lab/lab.ts';
import { poll, sleep } from '../../../sys/clock.ts';
import { ExecError, exec } from '../../../sys/exec.ts';
import type { V1EndpointSlice, V1Pod } from '../../../sys/kube.ts';
import { sidecarName } from './changes.ts';
import { untilEvent } from './moment.ts';

/** An arm during its recording. */
export interface RunningArm {
  readonly lab: Lab;
  readonly namespace: string;
  /** The file with its events. */
  readonly events: string;
  readonly signal: AbortSignal;
}

/** Disturbs an arm during its recording. Undoes all its changes, even if it fails. */
export type DrillAction = (arm: RunningArm) => Promise<void>;

const undoLimitMs: Ms = 60_000;
/** Time limit for the deployment of an arm. */
const startLimitMs: Ms = 120_000;

/** The time of a disturbance: `delayMs` after such an event was recorded. */
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

/** Pods with these labels in the namespace of the arm, sorted by name. */
async function podsOf({ lab, namespace }: RunningArm, labels: string): Promise<readonly V1Pod[]> {
  const { items } = await lab.kube.list<V1Pod>('v1', 'Pod', namespace, labels);
  return items.toSorted((one, other) => (one.metadata?.name ?? '').localeCompare(other.metadata?.name ?? ''));
}

async function generatorsOf({ lab, namespace }: RunningArm): Promise<readonly V1Pod[]> {
  const labels = helperSelector('generator');
  return (await lab.kube.list<V1Pod>('v1', 'Pod', helpersNamespace(namespace), labels)).items;
}

/** The names of the pods that a rollout replaces, from its plan in the events. */
async function oldPodsOf({ events, signal }: RunningArm): Promise<readonly string[]> {
  const { data } = await untilEvent(events, { source: 'fault', type: 'intent' }, signal);
  return (data as { readonly plan?: { readonly oldPods?: readonly string[] } }).plan?.oldPods ?? [];
}

const isOneOf =
  (names: readonly string[]) =>
  ({ metadata }: V1Pod): boolean =>
    names.includes(metadata?.name ?? '');

/** Freezes the node of a pod that a rollout will replace. */
export const freezeANode =
  (at: At, ms: Ms): DrillAction =>
  async (arm) => {
    const { lab, signal } = arm;
    await untilMoment(at, arm);
    const pod = (await podsOf(arm, 'app=web')).find(isOneOf(await oldPodsOf(arm)));
    if (!pod) throw new Error(`no pod in ${arm.namespace} that the rollout replaces`);
    const node = pod.spec?.nodeName ?? '';
    try {
      await lab.power.pause(node, signal);
      await sleep(ms, signal);
    } finally {
      await lab.power.start(node, AbortSignal.timeout(undoLimitMs));
    }
  };

/** Sends SIGSTOP to every generator, and SIGCONT after `ms`. */
export const stopGenerators =
  (at: At, ms: Ms): DrillAction =>
  async (arm) => {
    const { lab, signal } = arm;
    await untilMoment(at, arm);
    const pids = await pidsOf(lab, await generatorsOf(arm));
    const send = (name: 'STOP' | 'CONT', signal: AbortSignal) =>
      lab.onNode(lab.generator.name, ['kill', `-${name}`, ...pids], { signal });
    try {
      await send('STOP', signal);
      await sleep(ms, signal);
    } finally {
      await send('CONT', AbortSignal.timeout(undoLimitMs));
    }
  };

/** The PIDs on the node of each pod’s first container. */
async function pidsOf(lab: Lab, pods: readonly V1Pod[]): Promise<string[]> {
  const ids = pods.map(({ status }) => status?.containerStatuses?.[0]?.containerID?.replace(/^.*:\/\//, '') ?? '');
  const { stdout } = await lab.onNode(lab.generator.name, ['ctr', '--namespace=k8s.io', 'tasks', 'ls'], {});
  const tasks = new Map(stdout.split('\n').map((line) => line.split(/\s+/, 2) as [string, string]));
  const pids = ids.flatMap((id) => tasks.get(id) ?? []);
  if (pids.length === 0 || pids.length < ids.length)
    throw new Error(`${pids.length} of ${ids.length} generators have a process on ${lab.generator.name}`);
  return pids;
}

/** The exit code of `timeout` when it ended its command. */
const timedOut = 124;

/**
 * Starts two loops with a real-time priority, which use both processors completely. `timeout`, with a higher priority,
 * ends both after `ms`, even if this process is gone. One program starts both loops, because this process may not run
 * again before the first has ended.
 */
export const loopInRealTime =
  (at: At, ms: Ms): DrillAction =>
  async (arm) => {
    await untilMoment(at, arm);
    const loops = ['chrt', '--fifo', '1', 'sh', '-c', 'while :; do :; done & while :; do :; done'];
    const limited = ['--fifo', '2', 'timeout', '--kill-after=1', String(ms / 1000), ...loops];
    await exec('chrt', limited, { signal: arm.signal }).catch((error: unknown) => {
      if (!(error instanceof ExecError) || error.exitCode !== timedOut) throw error;
    });
  };

const shownLimitMs: Ms = 30_000;

/** The time limit from a pod's readiness until it gets traffic. */
const routedWithin: Ms = 3000;

/**
 * Sends SIGKILL to the sidecar of the first new pod. An old pod would not do, because a rollout first terminates old
 * pods that are not ready. Resolves when the kubelet has restarted the sidecar.
 */
export const killASidecar =
  (at: At): DrillAction =>
  async (arm) => {
    await untilMoment(at, arm);
    const isOld = isOneOf(await oldPodsOf(arm));
    const pod = await poll('a new pod', startLimitMs, arm.signal, async () => {
      const ready = (await podsOf(arm, 'app=web')).find((each) => !isOld(each) && isReady(each));
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

/** Resolves when another Service in the arm's namespace has endpoints. */
export const seeEndpointsOf =
  (service: string): DrillAction =>
  async ({ lab, namespace, signal }) => {
    const labels = `kubernetes.io/service-name=${service}`;
    await poll(`endpoints of ${service}`, startLimitMs, signal, async () => {
      const { items } = await lab.kube.list<V1EndpointSlice>('discovery.k8s.io/v1', 'EndpointSlice', namespace, labels);
      return items.some(({ endpoints }) => (endpoints ?? []).length > 0)
        ? { done: true }
        : { waitingFor: `them in ${namespace}` };
    });
  };
