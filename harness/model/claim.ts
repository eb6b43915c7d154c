import type { Disruption } from './experiment.ts';

/** With this confidence, at most this share of all disruptions is bad, such as 0.95 and 0.05. */
export interface Claim {
  readonly confidence: number;
  readonly share: number;
}

/** The maximum number of runs of an arm: 299 clean disruptions show 95 %:1 % and take hours. */
export const mostRuns = 300;

/**
 * The number of clean disruptions, without a bad one, that shows the claim: the smallest n with 1 − (1 −
 * confidence)^(1/n) ≤ share.
 */
export const cleanTrialsFor = ({ confidence, share }: Claim): number =>
  Math.ceil(Math.log1p(-confidence) / Math.log1p(-share) - 1e-9);

/** The number of trials in one run of an arm: its injections, or 1 if different faults are combined. */
export const trialsIn = (disruptions: readonly Disruption[]): number =>
  kindsOf(disruptions).length > 1 ? 1 : disruptions.length;

/** The noun for a trial, such as `rollout` or `drain`. */
export function trialNoun(disruptions: readonly Disruption[]): string {
  const [kind = 'disruption', ...others] = kindsOf(disruptions);
  return others.length > 0 ? 'combination' : kind;
}

const kindsOf = (disruptions: readonly Disruption[]): string[] => [
  ...new Set(disruptions.map(({ fault }) => fault.name)),
];
