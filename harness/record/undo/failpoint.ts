import type { Kube } from '../../sys/kube.ts';
import type { LabContext, NamespaceContext } from '../fault/fault.ts';

/** Where a harness may be killed to see whether its faults are undone all the same. */
export const failpoints = [
  'before-intent',
  'after-intent',
  'mid-inject',
  'injected',
  'mid-heal',
  'before-journal',
] as const;
export type Failpoint = (typeof failpoints)[number];

/** Its value is `<fault>/<failpoint>`: set by the kill test in the harness that it starts, in a process group of its own. */
export const failpointVariable = 'HOLDFAST_FAILPOINT';
const armed = process.env[failpointVariable] ?? '';
const isArmed = (fault: string, point: Failpoint) => armed === `${fault}/${point}`;
const killGroup = () => process.kill(0, 'SIGKILL');

/** Ends the whole process group here and now, if this is where the kill test wants it. */
export function failpoint(fault: string, point: Failpoint): void {
  if (isArmed(fault, point)) killGroup();
}

/** Long enough for the first thing that is done to be on its way, too short for it to be done. */
const onItsWayMs = 5;

/** Hands that kill their process group as soon as they have begun to do something; the ones given, where no one asks for it. */
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
