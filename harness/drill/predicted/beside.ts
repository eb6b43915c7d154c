import type { EventSource } from '../../model/event.ts';
import type { Ms } from '../../model/units.ts';
import { killContainer } from '../../record/fault/process-kill.ts';
import type { Lab } from '../../record/lab.ts';
import { sleep } from '../../sys/clock.ts';
import { ExecError, exec } from '../../sys/exec.ts';
import type { V1Pod } from '../../sys/kube.ts';
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
 * Two loops that take both processors from everything else, at a real-time priority. Another process, at a higher one, ends
 * each after so long, even if nobody is left to ask for it.
 */
export const loopInRealTime =
  (at: At, ms: Ms): Beside =>
  async (arm) => {
    await untilMoment(at, arm);
    const loop = ['chrt', '--fifo', '1', 'sh', '-c', 'while :; do :; done'];
    const limited = ['--fifo', '2', 'timeout', '--kill-after=1', String(ms / 1000), ...loop];
    await Promise.all(
      [1, 2].map(() =>
        exec('chrt', limited, { signal: arm.signal }).catch((error: unknown) => {
          if (!(error instanceof ExecError) || error.exitCode !== timedOut) throw error;
        }),
      ),
    );
  };

/** SIGKILL to the sidecar of a pod that is to be replaced; its kubelet starts it again. */
export const killASidecar =
  (at: At): Beside =>
  async (arm) => {
    await untilMoment(at, arm);
    const { metadata, spec, status } = await firstOldPod(arm);
    const sidecar = status?.containerStatuses?.find(({ name }) => name === sidecarName);
    const container = sidecar?.containerID?.replace(/^.*:\/\//, '') ?? '';
    const [name, node] = [metadata?.name ?? '', spec?.nodeName ?? ''];
    await killContainer(arm.lab, { name, node, container, restarts: sidecar?.restartCount ?? 0 }, arm.signal);
  };
