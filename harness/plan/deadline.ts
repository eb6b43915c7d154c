import type { ExperimentPlan } from '../model/plan.ts';
import type { Ms } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';

const hour: Ms = 3_600_000;

/** Throws UsageError if the phases of the arms take longer than the deadline. */
export function checkDeadline(plans: readonly ExperimentPlan[], deadlineMs: Ms): void {
  const runs = plans.flatMap(({ arms }) => arms);
  const least = runs.reduce(
    (sum, { phases: { warmupMs, baselineMs, quietMs, tailMs } }) => sum + warmupMs + baselineMs + quietMs + tailMs,
    0,
  );
  if (least <= deadlineMs) return;
  const minutes = (ms: Ms) => Math.ceil(ms / 60_000);
  // Deployments and disruptions take about the same time again.
  const enough = Math.ceil((2 * least) / hour);
  const cure = enough <= 24 ? `Allow more time, such as --deadline ${enough}h, or run fewer arms` : 'Run fewer arms';
  throw new UsageError(
    `${runs.length} runs of arms take at least ${minutes(least)} min, but the deadline is ${minutes(deadlineMs)} min. ${cure}`,
  );
}
