import type { Disruption } from './experiment.ts';

/** So sure that no larger share of disruptions is bad: 0.95 and 0.05. */
export interface Claim {
  readonly confidence: number;
  readonly share: number;
}

/** The most often that an arm is run: 299 clean disruptions show 95 %:1 %, and take hours. */
export const mostRuns = 300;

/** How many clean disruptions, and no bad one, show it: the least n with 1 − (1 − confidence)^(1/n) at most the share. */
export const cleanTrialsFor = ({ confidence, share }: Claim): number =>
  Math.ceil(Math.log1p(-confidence) / Math.log1p(-share) - 1e-9);

/** The trials in one run of an arm: its injections, or one where different kinds come together. */
export const trialsIn = (disruptions: readonly Disruption[]): number =>
  kindsOf(disruptions).length > 1 ? 1 : disruptions.length;

/** `rollout`, `drain`; what is counted as a trial. */
export function trialNoun(disruptions: readonly Disruption[]): string {
  const [kind = 'disruption', ...others] = kindsOf(disruptions);
  return others.length > 0 ? 'combination' : kind;
}

const kindsOf = (disruptions: readonly Disruption[]): string[] => [
  ...new Set(disruptions.map(({ fault }) => fault.name)),
];
