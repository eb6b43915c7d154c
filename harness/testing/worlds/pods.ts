import type { Ms } from '../../model/units.ts';
import { objectOf } from './about.ts';
import { forever, type Life, type Pod } from './world.ts';

/** The subject of events about a pod. */
export const podObject = ({ name, uid = `uid-${name}` }: Pick<Pod, 'name' | 'uid'>, namespace?: string) =>
  objectOf('Pod', name, { uid, ...(namespace !== undefined && { namespace }) });

/** The revisions before and after a rollout. */
export const revisions = { old: '6d5f8c9b47', new: '7c4b9d8f65' } as const;

export const nodes = ['w1', 'w2', 'w3', 'control-plane'];

/** Three replicas that are ready before the traffic starts. `on` names their nodes. */
export const oldPods = (on: readonly string[] = ['w1', 'w2', 'w3']): Pod[] =>
  on.map((node, index) => ({
    name: `web-old-${index}`,
    ip: `10.244.${index}.10`,
    node,
    revision: revisions.old,
    version: 'v1',
    created: 100,
    lives: [{ boot: 200, listen: 400 }],
    ready: [{ from: 600, to: forever }],
  }));

export const newPod = (
  index: number,
  created: Ms,
  { startMs = 900, node = `w${(index % 3) + 1}`, readiness = true } = {},
): Pod => {
  const boot = created + 300;
  const listen = boot + startMs;
  return {
    name: `web-new-${index}`,
    ip: `10.244.${index}.11`,
    node,
    revision: revisions.new,
    version: 'v2',
    created,
    lives: [{ boot, listen }],
    ready: [{ from: readiness ? listen + 200 : boot + 50, to: forever }],
  };
};

interface Termination {
  readonly preStopMs?: Ms;
  /** Times from SIGTERM to the close of the listener, and to the exit of the process. */
  readonly closesAfter?: Ms;
  readonly exitsAfter?: Ms;
  readonly killed?: boolean;
}

export const endLife = (pod: Pod, end: NonNullable<Life['end']>) => {
  pod.lives = pod.lives.map((life, index) => (index === pod.lives.length - 1 ? { ...life, end } : life));
};

/** Deletes a pod in the normal order: SIGTERM, listener, process, network. */
export function terminate(
  pod: Pod,
  at: Ms,
  { preStopMs = 0, closesAfter = 3, exitsAfter = 1500, killed = false }: Termination = {},
): void {
  pod.deleted = at;
  pod.sigterm = at + 20 + preStopMs;
  if (!killed) pod.close = pod.sigterm + closesAfter;
  const end = pod.sigterm + exitsAfter;
  endLife(
    pod,
    killed
      ? { at: end, reason: 'Error', exitCode: 137, logged: false }
      : { at: end, reason: 'Completed', exitCode: 0, logged: true },
  );
  pod.gone = end + 400;
  const from = pod.ready[0]?.from ?? 0;
  pod.ready = [{ from, to: killed ? end : (pod.close ?? end) }];
}

/** Replaces pods one after another, starting at a time. The next one is created when the previous one is ready. */
export function replaceInTurn(
  old: readonly Pod[],
  from: Ms,
  { newPod, ...termination }: Termination & { readonly newPod: (index: number, created: Ms) => Pod },
): Pod[] {
  let created = from;
  return old.map((before, index) => {
    const pod = newPod(index, created);
    const ready = pod.ready[0]?.from ?? created;
    terminate(before, ready + 60, termination);
    created = ready + 120;
    return pod;
  });
}
