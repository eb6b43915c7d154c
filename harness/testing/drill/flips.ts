import { exitCodes } from '../../model/verdict.ts';
import type { Exercise } from './drill.ts';
import { type RunOptions, runAndAsk } from './holdfast.ts';
import { type Done, endInWords } from './output.ts';

/** A treatment whose guarantee is removed. */
interface Flip {
  readonly experiment: string;
  readonly arm: string;
  /** Values of `--set` for this arm. */
  readonly without: readonly string[];
}

export const flips: readonly Flip[] = [
  { experiment: 'rolling-update', arm: 'treatment', without: ['preStop=0'] },
  { experiment: 'rolling-update', arm: 'treatment', without: ['readiness=off'] },
  { experiment: 'drain-budget', arm: 'one-node', without: ['budget=none'] },
  { experiment: 'drain-budget', arm: 'three-nodes', without: ['budget=none'] },
  { experiment: 'drain-budget', arm: 'three-nodes-67-percent', without: ['budget=none'] },
  { experiment: 'drain-budget', arm: 'one-node-max-unavailable', without: ['budget=none'] },
  { experiment: 'drain-budget', arm: 'three-nodes-max-unavailable', without: ['budget=none'] },
  { experiment: 'node-loss-spread', arm: 'required', without: ['antiAffinity=none'] },
  { experiment: 'node-loss-spread', arm: 'preferred', without: ['antiAffinity=none'] },
  { experiment: 'node-loss-spread', arm: 'default-scheduler', without: ['scheduler=no-spread'] },
  { experiment: 'node-loss-spread', arm: 'zone-required', without: ['antiAffinity=none'] },
  { experiment: 'node-loss-spread', arm: 'zone-preferred', without: ['antiAffinity=none'] },
  { experiment: 'spread-placement', arm: 'preferred', without: ['antiAffinity=none'] },
  { experiment: 'spread-placement', arm: 'required', without: ['antiAffinity=none'] },
  { experiment: 'spread-placement', arm: 'default-scheduler', without: ['scheduler=no-spread'] },
  { experiment: 'spread-placement', arm: 'one-too-many', without: ['antiAffinity=preferred'] },
  { experiment: 'spread-placement', arm: 'rollout-in-place', without: ['maxSurge=1', 'maxUnavailable=0'] },
  { experiment: 'compound-outage', arm: 'budget', without: ['budget=none'] },
];

/** Runs each treatment without its guarantee. The run must fail. */
export const flipExercises = (options: Omit<RunOptions, 'signal'>): Exercise[] =>
  flips.map(({ experiment, arm, without }) => ({
    id: `${experiment}/${arm} without ${without.join(' ')}`,
    async run(signal) {
      const words = without.flatMap((word) => ['--set', `${arm}.${word}`]);
      return runAndAsk([experiment, '--arm', arm, ...words], { ...options, signal }, sawFailure);
    },
  }));

/**
 * Returns the findings of a failed run. Throws for every other exit code: a run that passed did not notice the missing
 * guarantee, and an inconclusive or broken run proves nothing.
 */
export function sawFailure(done: Done): { readonly saw: string } {
  if (done.exitCode !== exitCodes.fail) throw new Error(endInWords(done));
  return { saw: endInWords(done) };
}
