/**
 * Compares an arm's wall time with its minimum: its phases, the start delay and one probe period before them, and the
 * preStop sleep and the specimen's drain after them. Reads recorded runs.
 * Usage: node bench/arm.ts [run…]
 */
import { availableParallelism, totalmem } from 'node:os';
import { preStopSleep } from '../harness/model/facts.ts';
import type { ArmFindings } from '../harness/model/finding.ts';
import type { ArmPlan } from '../harness/model/plan.ts';
import { readFindings } from '../harness/run/findings-file.ts';
import { defaultRunsFolder, findRun } from '../harness/run/runs.ts';

const probePeriodMs = 1000;
const drainMs = 3000;

/** The minimum duration of an arm, in milliseconds. */
function needOf({ workload }: ArmPlan, { phasesMs }: ArmFindings): number {
  const phases = ['warmup', 'baseline', 'fault', 'tail'].reduce((sum, phase) => sum + (phasesMs[phase] ?? 0), 0);
  const { facts, container, options } = workload;
  const startDelayMs = Number(options.startDelayMs?.value ?? 0);
  const start = startDelayMs + (Object.hasOwn(facts.readiness, container) ? probePeriodMs : 0);
  return phases + start + (preStopSleep(facts, container) ?? 0) * 1000 + drainMs;
}

console.log(`${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`);
const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : ['latest']) {
  const findings = readFindings(findRun(defaultRunsFolder(), name));
  for (const experiment of findings.plan.experiments) {
    for (const plan of experiment.arms) {
      const arm = findings.experiments
        .find((each) => each.name === experiment.name)
        ?.arms.find((each) => each.name === plan.name);
      if (!arm || arm.verdict === 'error') continue;
      const need = needOf(plan, arm);
      const ratio = (arm.durationMs / need).toFixed(2);
      console.log(
        `${plan.name}: ${(arm.durationMs / 1000).toFixed(1)} s, needs ${(need / 1000).toFixed(1)} s, ratio ${ratio}`,
      );
    }
  }
}
