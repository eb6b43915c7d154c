import type { Ms } from '../model/units.ts';
import { shuffled } from '../plan/seed.ts';
import { deedInWords } from '../record/deed.ts';
import { type Failpoint, failpoints, failpointVariable } from '../record/failpoint.ts';
import { type OpenDeed, openDeeds } from '../record/journal.ts';
import { until } from '../sys/clock.ts';
import type { Exercise } from './drill.ts';
import { type FaultSample, faultOf, faultSamples, injectArgs } from './faults.ts';
import { firstWords, type HoldfastOptions, holdfast, lastWords, wasSkipped } from './holdfast.ts';

export interface KillOptions {
  readonly cluster: string;
  /** The cluster's journal. */
  readonly journal: string;
  /** Environment for the client of the cluster's engine. */
  readonly engineEnv: () => { readonly [name: string]: string };
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

const kill = (sample: FaultSample, point: Failpoint, { cluster, journal }: KillOptions): Exercise => ({
  id: `${faultOf(sample)}/${point}`,
  async run(signal) {
    const env = { [failpointVariable]: `${faultOf(sample)}/${point}` };
    const died = await holdfast(injectArgs(sample), { cluster, signal, env });
    if (wasSkipped(died)) return { saw: firstWords(died), skipped: true };
    if (died.endedBy !== 'SIGKILL') {
      throw new Error(`it was to be killed, and ended with ${died.exitCode ?? died.endedBy}: ${lastWords(died)}`);
    }
    const began = performance.now();
    const left = openDeeds(journal).map(({ deed }) => deed.kind);
    if (left.length === 0) throw new Error('the journal was lost');
    await none('its faults to be undone', undoneLimitMs, signal, () => injected(journal));
    const undone = performance.now() - began;
    await none('everything to be put back', verifiedLimitMs - undone, signal, () => openDeeds(journal));
    await healed({ cluster, signal }, verifiedLimitMs - (performance.now() - began));
    await clean({ cluster, signal });
    const inSeconds = (ms: Ms) => `${(ms / 1000).toFixed(1)} s`;
    const faults = left.filter((kind) => kind === 'inject').length;
    return {
      saw: `${faults} of ${left.length} open deeds a fault; undone in ${inSeconds(undone)}, verified in ${inSeconds(performance.now() - began)}`,
    };
  },
});

/** What of a journal is an injection that nobody undid. */
export const injected = (journal: string) => openDeeds(journal).filter(({ deed }) => deed.kind === 'inject');

const none = (what: string, limitMs: Ms, signal: AbortSignal, left: () => readonly OpenDeed[]): Promise<boolean> =>
  until(what, limitMs, signal, async () => {
    const open = left().map(({ deed }) => deedInWords(deed));
    return open.length === 0 ? { done: true } : { waitingFor: open.join(', ') };
  });

/** The watchdog may still have the lock while it verifies. */
async function healed(options: HoldfastOptions, limitMs: Ms): Promise<void> {
  const began = performance.now();
  const done = await holdfast(['heal'], options);
  if (done.exitCode !== 0) throw new Error(`heal: ${lastWords(done)}`);
  if (performance.now() - began > limitMs) throw new Error(`healed too late, after ${limitMs} ms`);
}

/** Throws unless the cluster says of itself that it is clean. */
export async function clean(options: HoldfastOptions): Promise<void> {
  const status = await holdfast(['cluster', 'status'], options);
  if (status.exitCode !== 0) throw new Error(`the cluster is not clean: ${lastWords(status)}`);
}
