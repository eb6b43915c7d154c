import assert from 'node:assert/strict';
import type { Experiment } from '../../model/experiment.ts';
import { rollingLimits } from '../../model/facts.ts';
import { planExperiment } from '../../plan/plan.ts';
import { experimentNames, loadExperiment } from '../../run/experiments.ts';

/** For the arm with the most endpoints: the probability that no request of a kind of traffic reaches one of them. */
function chancesOf(experiment: Experiment) {
  const { traffic, phases } = experiment;
  if (!traffic) return undefined;
  const { arms } = planExperiment(experiment, { seed: '1', settings: {}, arms: [], allArms: true });
  const endpoints = Math.max(
    ...arms.map(({ workload: { facts } }) => facts.replicas + (rollingLimits(facts)?.maxSurge ?? 0)),
  );
  const none = (connections: number) => (1 - 1 / endpoints) ** connections;
  const turnMs = traffic.timeoutMs * 1.2;
  return {
    'fresh requests in the baseline': none((traffic.freshPerSecond * phases.baselineMs) / 1000),
    'fresh requests in the second after a pod is taken': none(traffic.freshPerSecond),
    'fresh requests to a new pod in the tail': none((traffic.freshPerSecond * (phases.tailMs - 2000)) / 1000),
    'kept-alive connections': none((traffic.keptAlivePerSecond * turnMs) / 1000),
    'kept-alive connections that had two turns before the fault':
      phases.warmupMs + phases.baselineMs > 2 * turnMs ? 0 : 1,
  };
}

describe('the load of a default experiment', () => {
  it('leaves less than 1 in 1,000 that a pod is not exposed by chance', async () => {
    const experiments = await Promise.all(experimentNames().map((name) => loadExperiment(name)));
    const sending = experiments.filter(({ traffic }) => traffic !== null);
    assert.ok(sending.length >= 5);
    for (const experiment of sending)
      for (const [what, chance] of Object.entries(chancesOf(experiment) ?? {}))
        assert.ok(chance < 0.001, `${experiment.name}: ${what}: ${chance}`);
  });
});
