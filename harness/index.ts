/** All that an experiment may import. */
import type { Cause } from './model/cause.ts';
import type { Disruption, Expectation, Experiment, TrafficSettings } from './model/experiment.ts';
import { type Ms, seconds } from './model/units.ts';

export { seconds };

/** Checks an experiment's types where it is written. Importing it does nothing. */
export const experiment = (value: Experiment): Experiment => value;

/** Fresh and kept-alive connections side by side, at constant arrival rates; a request ends after 2 s. */
export const steadyTraffic = (
  rates: Pick<TrafficSettings, 'freshPerSecond' | 'keptAlivePerSecond'>,
): TrafficSettings => ({
  ...rates,
  timeoutMs: seconds(2),
});

/** Not one request may fail. */
export const noLoss = (): Expectation => ({ kind: 'no-loss' });

/** At least so many requests must fail for one of these causes: shows that the experiment can see the loss. */
export const loss = (what: { readonly atLeast: number; readonly causes: readonly Cause[] }): Expectation => ({
  kind: 'loss',
  ...what,
});

/** A new version of the workload, rolled out when the fault phase begins. */
export const rollout = (options: { readonly id: string; readonly limitMs: Ms }): Disruption => ({
  ...options,
  when: { atMs: 0 },
  fault: { name: 'rollout', params: {} },
});
