import { join } from 'node:path';
import type { PhaseMark } from '../model/event.ts';
import type { Phase } from '../model/finding.ts';
import type { Manifests } from '../model/manifest.ts';
import type { NodeClock } from '../model/node-clock.ts';
import { ownCommand } from '../model/own-command.ts';
import type { ArmPlan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import { reason } from '../model/reason.ts';
import type { Json, Ms } from '../model/units.ts';
import { armFiles } from '../recording/run-folder.ts';
import { now, sleep } from '../sys/clock.ts';
import { makePrivateFolder, writeWhole } from '../sys/files/write.ts';
import { armFile } from './arm-file.ts';
import { collectEvidence } from './collect.ts';
import { runSchedule } from './disruptions.ts';
import { faultNamed } from './fault/catalogue.ts';
import { keepWorkersBusy } from './lab/busy.ts';
import { helpersNamespace, podSecurityOfHelpers } from './lab/helpers.ts';
import { type Lab, withTrafficFrom } from './lab/lab.ts';
import { createNamespace } from './lab/namespace.ts';
import { deploy } from './lab/workload.ts';
import { collectLogs } from './logs.ts';
import { whyNotMeasurable } from './measurable.ts';
import { observeClock } from './observe/clock.ts';
import { observeNodeClocks } from './observe/clock-offsets.ts';
import { observe } from './observe/observe.ts';
import type { Probes } from './observe/reach.ts';
import { Recorder } from './observe/recorder.ts';
import { dependencyAddress } from './target/dependency.ts';
import { findTarget, type Target } from './target/find-target.ts';
import { untilSettled } from './target/settled.ts';
import { generatorNames, noTraffic, startTraffic } from './traffic/start.ts';
import { ActionLog } from './undo/action-log.ts';
import type { Journal } from './undo/journal.ts';
import { NotUndone, Undo } from './undo/undo.ts';

export interface ArmRun {
  readonly lab: Lab;
  /** The objects of the workload with the changes of the arm, Secrets included. */
  readonly objects: Manifests;
  /** The folder in its containers to which the workload writes its log. */
  readonly log?: string | undefined;
  /** The id of the run. All of its namespaces have it as a label. */
  readonly id: string;
  /** The identity of the experiment. */
  readonly experiment: string;
  /** The folder for the recording. */
  readonly folder: string;
  /** The path below the evidence folder of every node to which the pods of the arm may write. */
  readonly evidencePath: string;
  /** Leaves the workload in the cluster. The reset before the next run removes it. */
  readonly keep: boolean;
  readonly journal: Journal;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Pods are probed only if the witness of a fault needs it, because a probe is also a client. */
const probesOf = ({ disruptions }: ArmPlan, { service }: Target, dependency: string | undefined): Probes => ({
  podPort: disruptions.some(({ fault }) => faultNamed(fault.name).asksPods) ? service.targetPort : undefined,
  dependency,
});

const collectLimitMs: Ms = 120_000;
/** Each watch shows every 5 s that it is alive. */
const aliveWithinMs: Ms = 12_000;

/** The interval between two updates of the progress. */
const progressEveryMs = 500;

/**
 * Runs one arm, from an empty namespace to a recording on disk, and always undoes its changes. If the baseline shows
 * that the machine cannot measure, it ends before the fault. Throws `NotUndone` if a change could not be undone,
 * because it would affect the next arm.
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
  const actions = new ActionLog(lab, journal, undo);
  // A full disk must not prevent the undoing.
  const note = (type: PhaseMark, data: Json) => {
    try {
      recorder.record('phase', type, arm.name, data);
    } catch (error) {
      broke ??= { error };
    }
  };
  try {
    const evidence = actions.begin({ kind: 'evidence', evidencePath: run.evidencePath });
    const { evidencePath, folder } = run;
    undo.push('collect the evidence', collectLimitMs, async (signal) => {
      const generators = generatorNames(arm.traffic);
      leftOut = await collectEvidence({ lab, evidencePath, generators, folder, signal });
    });
    const helpers = helpersNamespace(arm.namespace);
    const namespaces = actions.begin({ kind: 'namespace', namespace: arm.namespace, helpersNamespace: helpers });

    progress.now(`${arm.name}: deploying`);
    recorder.record('phase', 'deploy', arm.name, {});
    await createNamespace(lab, { name: helpers, run: run.id, labels: podSecurityOfHelpers });
    await keepWorkersBusy(lab, { namespace: helpers, workers: arm.lab.busyWorkers, signal });
    const place = { kube: lab.kube, namespace: arm.namespace };
    for (const owner of await deploy(arm, run.objects, run)) await untilSettled(place, owner, signal);
    const target = await findTarget(place, { service: arm.workload.service });
    const probes = probesOf(arm, target, await dependencyAddress(place));

    progress.now(`${arm.name}: observing`);
    const nodeClocks = await observeNodeClocks(lab, signal);
    const clock = await observeClock(join(run.folder, armFiles.clock));
    undo.push('stop the clock', 5_000, clock.stop);
    const observers = await observe({ lab, target, helpersNamespace: helpers, recorder, signal, probes });
    undo.push('stop the observers', 5_000, observers.stop);
    const traffic = arm.traffic
      ? await startTraffic({ namespace: helpers, traffic: arm.traffic }, target, { ...run, actions, undo })
      : noTraffic;

    const phase = async (name: Phase, least: Ms, work: (signal: AbortSignal) => Promise<void> = async () => {}) => {
      recorder.record('phase', name, arm.name, {});
      const from = performance.now();
      let working = true;
      const stop = new AbortController();
      const done = work(AbortSignal.any([signal, stop.signal])).finally(() => {
        working = false;
      });
      // Awaited below. Until then a rejection must not count as unhandled.
      done.catch(() => undefined);
      const elapsed = () => performance.now() - from;
      try {
        while (working || elapsed() < least) {
          recorder.check();
          const status = await traffic.status();
          progress.now(`${arm.name}: ${name} ${Math.round(elapsed() / 1000)} s${status && ` · ${status}`}`);
          const left = least - elapsed();
          const pause = sleep(left > 0 ? Math.min(left, progressEveryMs) : progressEveryMs, signal);
          await (working ? Promise.race([pause, done]) : pause);
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
      const schedule = { cluster: lab, namespace: arm.namespace, owner: target.owner, recorder, actions };
      await phase('fault', arm.phases.quietMs, (signal) => runSchedule(arm.disruptions, { ...schedule, signal }));
      await phase('tail', arm.phases.tailMs);
    } else {
      // On such a machine the effect of a fault could not be measured.
      recorder.record('phase', 'unmeasurable', arm.name, { why });
      progress.note(`${arm.name}: ended before the fault because this machine cannot measure: ${why}`);
    }
    recorder.record('phase', 'end', arm.name, {});
    // When every watch is alive after this moment, all earlier events have been recorded.
    const allAlive = observers.alive(aliveWithinMs, signal);

    progress.now(`${arm.name}: sealing`);
    // Pod logs are lost when the generator pods are deleted, so they are collected first.
    await collectLogs(lab, [arm.namespace, helpers], {
      folder: run.folder,
      sinceMs: performance.now() - started,
      signal,
    });
    await traffic.stop();
    await allAlive;
    writeArmFile(await nodeClocks.measured(signal));
    await Promise.all([observers.stop(), clock.stop()]);
    if (run.keep) for (const kept of [namespaces, evidence]) kept.keep();
  } catch (error) {
    broke = { error };
    note('error', { message: reason(error) });
  }
  progress.now(`${arm.name}: undoing all changes`);
  const failed = await undo.unwind();
  const notUndone = failed.map(({ message }) => message);
  if (notUndone.length > 0) note('error', { message: notUndone.join('; ') });
  note('undone', { errors: notUndone, leftOut });
  await recorder.close();
  for (const word of notUndone) progress.note(`${arm.name}: ${word}`);
  for (const word of leftOut) progress.note(`${arm.name}: not recorded: ${word}`);
  if (failed.length > 0) throw new NotUndone(failed, broke?.error, `${ownCommand} heal`);
  if (broke) throw broke.error;
}
