import { compoundRun, drainRun, nodeLossRun, placementRun } from './cluster-runs.ts';
import { brokenRun, failingRun, inconclusiveRun, passingRun } from './rollout-runs.ts';

/** One of each verdict, and one of each kind of experiment. */
export const runs = {
  pass: passingRun,
  fail: failingRun,
  inconclusive: inconclusiveRun,
  error: brokenRun,
  drain: drainRun,
  'node-loss': nodeLossRun,
  placement: placementRun,
  compound: compoundRun,
} as const;
