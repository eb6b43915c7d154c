import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ms } from '../model/units.ts';
import { until } from '../sys/clock.ts';
import { exec } from '../sys/exec.ts';
import type { Exercise } from './drill.ts';
import { holdfast, lastWords } from './holdfast.ts';
import { clean, injected, type KillOptions } from './kills.ts';

/** A fault that stays until the mishap comes; it needs neither luck nor time to land. */
const held = (hold: string) => ['inject', 'rollout', '--no-traffic', '--set', 'startDelay=1', '--hold', hold];

const landLimitMs: Ms = 180_000;

/** What may befall a run, but for SIGKILL: after each of them the cluster must be clean, or said not to be. */
export const mishapExercises = (options: KillOptions): Exercise[] => [
  interrupted('SIGINT', options),
  interrupted('SIGTERM', options),
  fullDisk(options),
];

const interrupted = (name: 'SIGINT' | 'SIGTERM', options: KillOptions): Exercise => ({
  id: `mishap/${name}`,
  async run(signal) {
    const { journal, cluster } = options;
    const interruption = new AbortController();
    const interrupt = { by: name, on: interruption.signal };
    const running = holdfast(held('120s'), { cluster, signal, interrupt });
    await until('an injection', landLimitMs, signal, async () =>
      injected(journal).length > 0 ? { done: true } : { waitingFor: 'its deed' },
    );
    interruption.abort();
    const done = await running;
    if (done.exitCode !== 130) throw new Error(`exit ${done.exitCode ?? done.endedBy}: ${lastWords(done)}`);
    await clean({ cluster, signal });
    return { saw: 'exit 130, and the cluster is clean' };
  },
});

/** A journal on a disk that is full: nothing is done to the world that cannot be written down. */
const fullDisk = ({ cluster, journal }: KillOptions): Exercise => ({
  id: 'mishap/full disk',
  async run(signal) {
    const folder = dirname(journal);
    await mkdir(folder, { recursive: true });
    const mounted = await exec('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', folder]).then(
      () => true,
      () => false,
    );
    if (!mounted) return { saw: 'a small disk cannot be mounted here', skipped: true };
    try {
      await exec('fallocate', ['--length', '4096', `${folder}/filler`]);
      const done = await holdfast(held('1s'), { cluster, signal });
      if (done.exitCode !== 4 || !/disk is full/.test(done.stderr))
        throw new Error(`exit ${done.exitCode ?? done.endedBy}: ${lastWords(done)}`);
    } finally {
      await exec('umount', [folder]);
    }
    await clean({ cluster, signal });
    return { saw: 'exit 4, nothing was done that could not be journaled' };
  },
});
