import { join } from 'node:path';
import type { PhaseMark } from '../model/event.ts';
import type { Workload } from '../model/experiment.ts';
import type { Phase } from '../model/finding.ts';
import type { NodeClock } from '../model/node-clock.ts';
import { ownCommand } from '../model/own-command.ts';
import type { ArmPlan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import type { Json, Ms } from '../model/units.ts';
import { armFiles } from '../recording/run-folder.ts';
import { now, sleep } from '../sys/clock.ts';
import { makePrivateFolder, writeWhole } from '../sys/files/write.ts';
import { armFile } from './arm-file.ts';
import { collectEvidence } from './collect.ts';
import { Deeds } from './deeds.ts';
import { runSchedule } from './disruptions.ts';
import { faultNamed } from './fault/catalogue.ts';
import type { Journal } from './journal.ts';
import { type Lab, withTrafficFrom } from './lab.ts';
import { collectLogs } from './logs.ts';
import { whyNotMeasurable } from './measurable.ts';
import { observeClock } from './observe/clock.ts';
import { observeNodeClocks } from './observe/clock-offsets.ts';
import { observe } from './observe/observe.ts';
import type { AskedOf } from './observe/reach.ts';
import { Recorder } from './recorder.ts';
import { generatorNames, noTraffic, startTraffic } from './traffic/start.ts';
import { NotPutBack, Undo } from './undo.ts';
import { deploy, type Target } from './workload.ts';

export interface ArmRun {
  readonly lab: Lab;
  readonly workload: Workload;
  /** The run's id: labels everything that is made in the cluster. */
  readonly id: string;
  /** The identity of the arm's experiment. */
  readonly experiment: string;
  /** Where the recording goes. */
  readonly folder: string;
  /** Below every node's evidence folder: what this arm's pods may write to. */
  readonly evidencePath: string;
  /** Leaves the workload in the cluster; the next run's reset takes it away. */
  readonly keep: boolean;
  readonly journal: Journal;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Pods are asked only where a fault's witness needs it: whoever asks is a client, too. */
const askedOf = ({ disruptions }: ArmPlan, { podPort, dependency }: Target): AskedOf => ({
  podPort: disruptions.some(({ fault }) => faultNamed(fault.name).asksPods) ? podPort : undefined,
  dependency,
});

const collectLimitMs: Ms = 120_000;
/** Each watch shows every 5 s that it lives. */
const toldWithinMs: Ms = 12_000;

/** How often the harness looks at what is going on while it waits. */
const lookEveryMs = 500;

/**
 * Runs one arm from an empty namespace to a recording on disk, and undoes all it did, whatever happens. It ends before the
 * fault, with a note, if the baseline shows that the machine cannot measure. Throws
 * `NotPutBack` where that did not succeed: what an arm left in the cluster would touch the next one.
 */
export async function runArm(arm: ArmPlan, given: ArmRun): Promise<void> {
  const lab = withTrafficFrom(given.lab, arm.traffic?.from);
  const run = { ...given, lab };
  const { journal, progress, signal } = run;
  makePrivateFolder(run.folder);
  const file = armFile(arm, run);
  const writeArmFile = (clocks: readonly NodeClock[] = []) =>
    writeWhole(run.folder, armFiles.plan, `${JSON.stringify({ ...file, clocks }, null, 2)}\n`);
  writeArmFile();
  const recorder = new Recorder(join(run.folder, armFiles.events));
  const undo = new Undo();
  const started = performance.now();
  let broke: { readonly error: unknown } | undefined;
  let leftOut: string[] = [];
  const deeds = new Deeds(lab, journal, undo);
  // A full disk takes no note, and must not keep anything from being undone.
  const note = (type: PhaseMark, data: Json) => {
    try {
      recorder.record('phase', type, arm.name, data);
    } catch (error) {
      broke ??= { error };
    }
  };
  try {
    const evidence = deeds.intend({ kind: 'evidence', evidencePath: run.evidencePath });
    const { evidencePath, folder } = run;
    undo.push('bring the evidence', collectLimitMs, async (signal) => {
      const generators = generatorNames(arm.traffic);
      leftOut = await collectEvidence({ lab, evidencePath, generators, folder, signal });
    });
    const namespace = deeds.intend({ kind: 'namespace', namespace: arm.namespace });

    progress.now(`${arm.name}: deploying`);
    recorder.record('phase', 'deploy', arm.name, {});
    const target = await deploy(arm, run.workload, run);

    progress.now(`${arm.name}: observing`);
    const nodeClocks = await observeNodeClocks(lab, signal);
    const clock = await observeClock(join(run.folder, armFiles.clock));
    undo.push('stop the clock', 5_000, clock.stop);
    const observers = await observe({ lab, namespace: arm.namespace, recorder, signal, asked: askedOf(arm, target) });
    undo.push('stop the observers', 5_000, observers.stop);
    const traffic = arm.traffic
      ? await startTraffic({ ...arm, traffic: arm.traffic }, target, { ...run, deeds, undo })
      : noTraffic;

    const phase = async (name: Phase, least: Ms, work: (signal: AbortSignal) => Promise<void> = async () => {}) => {
      recorder.record('phase', name, arm.name, {});
      const from = performance.now();
      let working = true;
      const stop = new AbortController();
      const done = work(AbortSignal.any([signal, stop.signal])).finally(() => {
        working = false;
      });
      // Awaited below; until then a rejection must not count as unhandled.
      done.catch(() => undefined);
      const elapsed = () => performance.now() - from;
      try {
        while (working || elapsed() < least) {
          recorder.check();
          const seen = await traffic.look();
          progress.now(`${arm.name}: ${name} ${Math.round(elapsed() / 1000)} s${seen && ` · ${seen}`}`);
          const left = least - elapsed();
          const look = sleep(left > 0 ? Math.min(left, lookEveryMs) : lookEveryMs, signal);
          await (working ? Promise.race([look, done]) : look);
        }
      } catch (error) {
        stop.abort(error);
        throw error;
      } finally {
        await done;
      }
    };

    await phase('warmup', arm.phases.warmupMs);
    traffic.countSendsFrom(now());
    clock.strain();
    await phase('baseline', arm.phases.baselineMs);
    const why = whyNotMeasurable(traffic.sends(), clock.strain());
    if (why === undefined) {
      const schedule = { cluster: lab, namespace: arm.namespace, deployment: target.deployment, recorder, deeds };
      await phase('fault', arm.phases.quietMs, (signal) => runSchedule(arm.disruptions, { ...schedule, signal }));
      await phase('tail', arm.phases.tailMs);
    } else {
      // A fault would show nothing of the workload on a machine that cannot measure.
      recorder.record('phase', 'unmeasurable', arm.name, { why });
      progress.note(`${arm.name}: ended before the fault because this machine cannot measure: ${why}`);
    }
    recorder.record('phase', 'end', arm.name, {});
    // What happened until then has been told when every watch shows that it lives.
    const told = observers.alive(toldWithinMs, signal);

    progress.now(`${arm.name}: sealing`);
    // The generators' own words go with their pods, so logs come first.
    await collectLogs(lab, arm.namespace, {
      folder: run.folder,
      sinceMs: performance.now() - started,
      signal,
    });
    await traffic.stop();
    await told;
    writeArmFile(await nodeClocks.measured(signal));
    await Promise.all([observers.stop(), clock.stop()]);
    if (run.keep) for (const kept of [namespace, evidence]) kept.keep();
  } catch (error) {
    broke = { error };
    note('error', { message: error instanceof Error ? error.message : String(error) });
  }
  progress.now(`${arm.name}: undoing all changes`);
  const failed = await undo.unwind();
  const notUndone = failed.map(({ message }) => message);
  if (notUndone.length > 0) note('error', { message: notUndone.join('; ') });
  note('undone', { errors: notUndone, leftOut });
  await recorder.close();
  for (const word of notUndone) progress.note(`${arm.name}: ${word}`);
  for (const word of leftOut) progress.note(`${arm.name}: left out: ${word}`);
  if (failed.length > 0) throw new NotPutBack(failed, broke?.error, `${ownCommand} heal`);
  if (broke) throw broke.error;
}
