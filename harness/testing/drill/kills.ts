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
  /** The path of the cluster's journal. */
  readonly journal: string;
  /** Whether the watchdog reports that it has undone all changes and verified the cluster since a time. */
  readonly watchdogHealed: (since: Date) => Promise<{ readonly done: true } | { readonly waitingFor: string }>;
  /** Opens the cluster when it exists. */
  readonly lab: () => Promise<Lab>;
  /** Stops the engine if it is a private one. Resolves to whether it did. */
  readonly endEngine: () => Promise<boolean>;
}

/** Time limits for the watchdog after the harness was killed: to undo faults, and to verify the cluster. */
const undoneLimitMs: Ms = 30_000;
const verifiedLimitMs: Ms = 120_000;

/** The first sample of each fault. */
const oneOfEach = (): FaultSample[] => [
  ...new Map(faultSamples.toReversed().map((each) => [faultOf(each), each])).values(),
];

/** One exercise for every fault at every failpoint, in an order that the seed determines. */
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
      throw new Error(`it was not killed: ${endInWords(died)}`);
    }
    const began = performance.now();
    const since = new Date();
    const left = openActions(journal).map(({ action }) => action.kind);
    if (left.length === 0) throw new Error('the journal was lost');
    if (point !== 'before-intent' && !left.includes('inject')) throw new Error('the fault is not in the journal');
    await none('its faults to be undone', undoneLimitMs, signal, () => injected(journal));
    const undone = performance.now() - began;
    await none('all changes to be undone', verifiedLimitMs - undone, signal, () => openActions(journal));
    await poll('the cluster to be clean', verifiedLimitMs - (performance.now() - began), signal, () =>
      whetherClean({ cluster, signal }),
    );
    // Only the watchdog has verified the connections between nodes.
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

/** Injections in a journal that are not undone. */
export const injected = (journal: string) => openActions(journal).filter(({ action }) => action.kind === 'inject');

const none = (what: string, limitMs: Ms, signal: AbortSignal, left: () => readonly OpenAction[]): Promise<boolean> =>
  poll(what, limitMs, signal, async () => {
    const open = left().map(({ action }) => actionInWords(action));
    return open.length === 0 ? { done: true } : { waitingFor: open.join(', ') };
  });

/** Whether `cluster status` reports a clean cluster, or its report if not. */
export async function whetherClean(options: HoldfastOptions) {
  const status = await holdfast(['cluster', 'status'], options);
  return status.exitCode === 0 ? { done: true } : { waitingFor: endInWords(status) };
}

/** Throws unless `cluster status` reports a clean cluster. */
export async function clean(options: HoldfastOptions): Promise<void> {
  const { waitingFor } = await whetherClean(options);
  if (waitingFor !== undefined) throw new Error(`the cluster is not clean: ${waitingFor}`);
}
