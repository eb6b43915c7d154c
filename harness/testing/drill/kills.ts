import type { Ms } from '../../model/units.ts';
import { shuffled } from '../../plan/seed.ts';
import type { Lab } from '../../record/lab/lab.ts';
import { actionInWords } from '../../record/undo/action.ts';
import { type Failpoint, failpoints, failpointVariable } from '../../record/undo/failpoint.ts';
import { type OpenAction, openActions } from '../../record/undo/journal.ts';
import { poll } from '../../sys/clock.ts';
import type { Exercise } from './drill.ts';
import { type FaultSample, faultOf, faultSamples, injectArgs } from './faults.ts';
import { type HoldfastOptions, holdfast } from './holdfast.ts';
import { endInWords, landingsInWords, wasSkipped } from './output.ts';

export interface KillOptions {
  readonly cluster: string;
  /** The cluster's journal. */
  readonly journal: string;
  /** Whether the watchdog says that it has put everything back, and verified that, since a moment. */
  readonly watchdogHealed: (since: Date) => Promise<{ readonly done: true } | { readonly waitingFor: string }>;
  /** The cluster, once it is there. */
  readonly lab: () => Promise<Lab>;
  /** Ends the engine, if it is a private one. Resolves to whether it was. */
  readonly endEngine: () => Promise<boolean>;
}

/** The watchdog has this long to undo faults after the harness died, and this long to have the cluster verified. */
const undoneLimitMs: Ms = 30_000;
const verifiedLimitMs: Ms = 120_000;

/** The first sample of each fault. */
const oneOfEach = (): FaultSample[] => [
  ...new Map(faultSamples.toReversed().map((each) => [faultOf(each), each])).values(),
];

/** Every fault at every failpoint, in an order drawn from the seed. */
export function killExercises(seed: string, options: KillOptions): Exercise[] {
  const all = new Map(
    oneOfEach().flatMap((sample) =>
      failpoints.map((point): [string, Exercise] => [`${faultOf(sample)}/${point}`, kill(sample, point, options)]),
    ),
  );
  return shuffled(seed, 'kills', [...all.keys()]).flatMap((id) => all.get(id) ?? []);
}

const kill = (sample: FaultSample, point: Failpoint, { cluster, journal, watchdogHealed }: KillOptions): Exercise => ({
  id: `${faultOf(sample)}/${point}`,
  async run(signal) {
    const env = { [failpointVariable]: `${faultOf(sample)}/${point}` };
    const died = await holdfast(injectArgs(sample), { cluster, signal, env });
    if (wasSkipped(died)) return { saw: landingsInWords(died), skipped: true };
    if (died.endedBy !== 'SIGKILL') {
      throw new Error(`it was to be killed: ${endInWords(died)}`);
    }
    const began = performance.now();
    const since = new Date();
    const left = openActions(journal).map(({ action }) => action.kind);
    if (left.length === 0) throw new Error('the journal was lost');
    if (point !== 'before-intent' && !left.includes('inject')) throw new Error('the fault is not in the journal');
    await none('its faults to be undone', undoneLimitMs, signal, () => injected(journal));
    const undone = performance.now() - began;
    await none('everything to be put back', verifiedLimitMs - undone, signal, () => openActions(journal));
    await poll('the cluster to be clean', verifiedLimitMs - (performance.now() - began), signal, () =>
      whetherClean({ cluster, signal }),
    );
    // The ways between nodes only it has proved.
    await poll('all of it to be proved', verifiedLimitMs - (performance.now() - began), signal, () =>
      watchdogHealed(since),
    );
    const inSeconds = (ms: Ms) => `${(ms / 1000).toFixed(1)} s`;
    const faults = left.filter((kind) => kind === 'inject').length;
    return {
      saw: `${faults} of ${left.length} open actions a fault; undone in ${inSeconds(undone)}, verified in ${inSeconds(performance.now() - began)}`,
    };
  },
});

/** What of a journal is an injection that nobody undid. */
export const injected = (journal: string) => openActions(journal).filter(({ action }) => action.kind === 'inject');

const none = (what: string, limitMs: Ms, signal: AbortSignal, left: () => readonly OpenAction[]): Promise<boolean> =>
  poll(what, limitMs, signal, async () => {
    const open = left().map(({ action }) => actionInWords(action));
    return open.length === 0 ? { done: true } : { waitingFor: open.join(', ') };
  });

/** Whether the cluster says of itself that it is clean, or what it says instead. */
export async function whetherClean(options: HoldfastOptions) {
  const status = await holdfast(['cluster', 'status'], options);
  return status.exitCode === 0 ? { done: true } : { waitingFor: endInWords(status) };
}

/** Throws unless the cluster says of itself that it is clean. */
export async function clean(options: HoldfastOptions): Promise<void> {
  const { waitingFor } = await whetherClean(options);
  if (waitingFor !== undefined) throw new Error(`the cluster is not clean: ${waitingFor}`);
}
