import type { Kube } from '../../sys/kube.ts';
import type { LabContext, NamespaceContext } from '../fault/fault.ts';

/** The points at which the kill test kills holdfast. Its faults must be undone all the same. */
export const failpoints = [
  'before-intent',
  'after-intent',
  'mid-inject',
  'injected',
  'mid-heal',
  'before-journal',
] as const;
export type Failpoint = (typeof failpoints)[number];

/**
 * The kill test sets this variable to `<fault>/<failpoint>` for the process that it starts in its own process group.
 */
export const failpointVariable = 'HOLDFAST_FAILPOINT';
const armed = process.env[failpointVariable] ?? '';
const isArmed = (fault: string, point: Failpoint) => armed === `${fault}/${point}`;
const killGroup = () => process.kill(0, 'SIGKILL');

/** Kills the whole process group if the kill test named this point. */
export function failpoint(fault: string, point: Failpoint): void {
  if (isArmed(fault, point)) killGroup();
}

/** Long enough for the first request to be sent, too short for it to finish. */
const onItsWayMs = 5;

/**
 * A context that kills its process group soon after the first change begins. Returns the given context if the kill test
 * did not name this point.
 */
export function killedWhileActing<C extends NamespaceContext | LabContext>(
  context: C,
  fault: string,
  point: 'mid-inject' | 'mid-heal',
): C {
  if (!isArmed(fault, point)) return context;
  const deadly =
    <Args extends unknown[], T>(act: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      setTimeout(killGroup, onItsWayMs);
      return act(...args);
    };
  const { kube } = context;
  const acting: Kube = {
    ...kube,
    create: deadly(kube.create),
    patch: deadly(kube.patch),
    jsonPatch: deadly(kube.jsonPatch),
    remove: deadly(kube.remove),
    evict: deadly(kube.evict),
  };
  if (!('lab' in context)) return { ...context, kube: acting };
  const { lab } = context;
  const { power } = lab;
  return {
    ...context,
    kube: acting,
    lab: {
      ...lab,
      kube: acting,
      onNode: deadly(lab.onNode),
      power: {
        ...power,
        kill: deadly(power.kill),
        stop: deadly(power.stop),
        pause: deadly(power.pause),
        start: deadly(power.start),
      },
    },
  };
}
