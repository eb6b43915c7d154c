import type { Ms } from '../model/units.ts';
import { shuffled } from '../plan/seed.ts';
import { type Failpoint, failpoints, failpointVariable } from '../record/failpoint.ts';
import { openDeeds } from '../record/journal.ts';
import { sleep } from '../sys/clock.ts';
import type { Exercise } from './drill.ts';
import { type FaultSample, faultSamples, injectArgs } from './faults.ts';
import { type HoldfastOptions, holdfast, lastWords } from './holdfast.ts';

export interface KillOptions {
  readonly cluster: string;
  /** The cluster's journal. */
  readonly journal: string;
}

/** The watchdog has this long to undo faults after the harness died, and this long to have the cluster verified. */
const undoneLimitMs: Ms = 30_000;
const verifiedLimitMs: Ms = 120_000;

/** Every fault at every failpoint, in an order drawn from the seed. */
export function killExercises(seed: string, options: KillOptions): Exercise[] {
  const all = new Map(
    faultSamples.flatMap((sample) =>
      failpoints.map((point): [string, Exercise] => [`${sample.id}/${point}`, kill(sample, point, options)]),
    ),
  );
  return shuffled(seed, 'kills', [...all.keys()]).flatMap((id) => all.get(id) ?? []);
}

const kill = (sample: FaultSample, point: Failpoint, { cluster, journal }: KillOptions): Exercise => ({
  id: `${sample.id}/${point}`,
  async run(signal) {
    const env = { [failpointVariable]: `${sample.fault.name}/${point}` };
    const died = await holdfast(injectArgs(sample), { cluster, signal, env });
    if (died.endedBy !== 'SIGKILL') {
      if (/^\S+ skipped/.test(died.stdout)) return { saw: died.stdout.split('\n', 1)[0] ?? '', skipped: true };
      throw new Error(`it was to be killed, and ended with ${died.exitCode ?? died.endedBy}: ${lastWords(died)}`);
    }
    const began = performance.now();
    const left = openDeeds(journal).map(({ deed }) => deed.kind);
    if (left.length === 0) throw new Error('the journal was lost');
    await gone('its faults are undone', undoneLimitMs, signal, () => injected(journal).length === 0);
    const undone = performance.now() - began;
    await gone('everything is put back', verifiedLimitMs - undone, signal, () => openDeeds(journal).length === 0);
    // The watchdog may still have the lock while it verifies.
    await healed({ cluster, signal }, verifiedLimitMs - (performance.now() - began));
    await clean({ cluster, signal });
    const inSeconds = (ms: Ms) => `${(ms / 1000).toFixed(1)} s`;
    const faults = left.filter((kind) => kind === 'inject').length;
    return {
      saw: `${faults} of ${left.length} open deeds a fault; undone in ${inSeconds(undone)}, verified in ${inSeconds(performance.now() - began)}`,
    };
  },
});

const injected = (journal: string) => openDeeds(journal).filter(({ deed }) => deed.kind === 'inject');

async function gone(what: string, limitMs: Ms, signal: AbortSignal, done: () => boolean): Promise<void> {
  const end = performance.now() + limitMs;
  while (!done()) {
    if (performance.now() > end) throw new Error(`not within ${Math.round(limitMs / 1000)} s: ${what}`);
    await sleep(200, signal);
  }
}

async function healed(options: HoldfastOptions, limitMs: Ms): Promise<void> {
  const end = performance.now() + limitMs;
  for (;;) {
    const done = await holdfast(['heal'], options);
    if (done.exitCode === 0) return;
    if (!/is in use by/.test(done.stderr) || performance.now() > end) throw new Error(`heal: ${lastWords(done)}`);
    await sleep(500, options.signal);
  }
}

/** Throws unless the cluster says of itself that it is clean. */
export async function clean(options: HoldfastOptions): Promise<void> {
  const status = await holdfast(['cluster', 'status'], options);
  if (status.exitCode !== 0) throw new Error(`the cluster is not clean: ${lastWords(status)}`);
}
