import { dirname } from 'node:path';
import type { ErrorCode } from '../../model/error-code.ts';
import type { Ms } from '../../model/units.ts';
import { type ExitCode, exitCodes } from '../../model/verdict.ts';
import { apiServerDown } from '../../record/fault/api-server-down.ts';
import type { LabContext } from '../../record/fault/fault.ts';
import { openActions } from '../../record/undo/journal.ts';
import { poll } from '../../sys/clock.ts';
import { exec } from '../../sys/exec.ts';
import { makePrivateFolder } from '../../sys/files/write.ts';
import type { Exercise } from './drill.ts';
import { type HoldfastOptions, holdfast } from './holdfast.ts';
import { clean, injected, type KillOptions } from './kills.ts';
import { type Done, endInWords, errorCodeOf } from './output.ts';

/** Injects a fault that lasts until it is healed, and that always lands soon. */
const held = (hold: string) => [
  'inject',
  'cordon',
  '--params',
  '{"nodes":{"pick":"most-replicas"}}',
  '--no-traffic',
  '--set',
  'startDelay=1',
  '--hold',
  hold,
];

const landLimitMs: Ms = 180_000;

/**
 * Interruptions of a run other than SIGKILL. After each of them the cluster must be clean, or holdfast must report that
 * it is not.
 */
export const interruptionExercises = (options: KillOptions): Exercise[] => [
  interrupted('SIGINT', options),
  interrupted('SIGTERM', options),
  fullDisk(options),
  apiServerDead(options),
  engineRestarted(options),
];

/** Throws unless a command ended with this exit code and this error. */
function assertEnded(done: Done, exitCode: ExitCode, code: ErrorCode): void {
  const found = errorCodeOf(done);
  if (done.exitCode !== exitCode || found !== code)
    throw new Error(`instead of exit ${exitCode} and ${code}: ${found ?? 'no error code'}, ${endInWords(done)}`);
}

const untilInjected = (journal: string, signal: AbortSignal): Promise<boolean> =>
  poll('an injection', landLimitMs, signal, async () =>
    injected(journal).length > 0 ? { done: true } : { waitingFor: 'its action' },
  );

const interrupted = (name: 'SIGINT' | 'SIGTERM', options: KillOptions): Exercise => ({
  id: `interruption/${name}`,
  async run(signal) {
    const { journal, cluster } = options;
    const interruption = new AbortController();
    const interrupt = { by: name, on: interruption.signal };
    const running = holdfast(held('120s'), { cluster, signal, interrupt });
    await untilInjected(journal, signal);
    interruption.abort();
    const done = await running;
    // Its watchdog has not undone anything yet.
    const left = openActions(journal).length;
    assertEnded(done, exitCodes.interrupted, 'interrupted');
    if (left > 0) throw new Error(`it was interrupted and left ${left} changes: ${endInWords(done)}`);
    await clean({ cluster, signal });
    return { saw: 'exit 130, and the cluster is clean' };
  },
});

/** The journal's disk is full. No change may be made that cannot be journaled. */
const fullDisk = ({ cluster, journal }: KillOptions): Exercise => ({
  id: 'interruption/full disk',
  async run(signal) {
    const folder = dirname(journal);
    makePrivateFolder(folder);
    const mounted = await exec('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', folder]).then(
      () => true,
      () => false,
    );
    if (!mounted) return { saw: 'a small disk cannot be mounted here', skipped: true };
    try {
      await exec('fallocate', ['--length', '4096', `${folder}/filler`]);
      const done = await holdfast(held('1s'), { cluster, signal });
      assertEnded(done, exitCodes.error, 'disk-full');
    } finally {
      await exec('umount', [folder]);
    }
    await clean({ cluster, signal });
    return { saw: 'exit 4, no change was made that could not be journaled' };
  },
});

/**
 * The API server does not answer while a cordon is held, and while the cordon should be healed. It is healed after the
 * API server is back. The outage itself is not in the journal, otherwise it would be healed first. If the drill
 * crashes, a timer on the node ends the outage.
 */
const apiServerDead = ({ journal, cluster, lab: open }: KillOptions): Exercise => ({
  id: 'interruption/API server dead while healing',
  async run(signal) {
    const lab = await open();
    const names = { namespace: '', helpersNamespace: '', owner: { kind: 'Deployment', name: '' } } as const;
    const nowhere = { ...names, id: 'interruption', record() {} };
    const context: LabContext = { lab, kube: lab.kube, signal, ...nowhere };
    const plan = await apiServerDown.fault.plan(context, {});
    const interruption = new AbortController();
    const running = holdfast(held('120s'), { cluster, signal, interrupt: { by: 'SIGTERM', on: interruption.signal } });
    await untilInjected(journal, signal);
    try {
      await apiServerDown.fault.inject(context, plan);
      interruption.abort();
      const done = await running;
      assertEnded(done, exitCodes.error, 'changes-left');
      if (openActions(journal).length === 0) throw new Error('the journal was lost');
    } finally {
      await apiServerDown.fault.heal(context, plan);
    }
    await healedInTheEnd({ cluster, signal });
    await clean({ cluster, signal });
    return { saw: 'not healed while the API server was silent, and healed when it was back' };
  },
});

const backLimitMs: Ms = 240_000;

/** Repeats `heal` until the API server answers. */
const healedInTheEnd = (options: HoldfastOptions): Promise<boolean> =>
  poll('the cluster to be healed', backLimitMs, options.signal, async () => {
    const done = await holdfast(['heal'], options);
    return done.exitCode === 0 ? { done: true } : { waitingFor: endInWords(done) };
  });

/** The engine stops during a fault, and is started again. The changes in the journal are then undone. */
const engineRestarted = (options: KillOptions): Exercise => ({
  id: 'interruption/engine restarted',
  async run(signal) {
    const { journal, cluster, endEngine } = options;
    const running = holdfast(held('120s'), { cluster, signal });
    await untilInjected(journal, signal);
    const ended = await endEngine();
    const done = await running;
    if (!ended) return { saw: 'the engine is not a private one, so it was not stopped', skipped: true };
    if (done.exitCode === 0) throw new Error('it passed although the engine was stopped');
    await healedInTheEnd({ cluster, signal });
    await clean({ cluster, signal });
    return { saw: `exit ${done.exitCode}, then healed after the engine was started again` };
  },
});
