import { type Claim, cleanTrialsFor, trialNoun, trialsIn } from '../model/claim.ts';
import type { Disruption } from '../model/experiment.ts';
import { claimInWords } from '../model/in-words.ts';
import type { Verdict } from '../model/verdict.ts';

/**
 * The runs of one treatment for a claim. After each run it decides whether another one is needed. The first run that
 * does not pass ends the series. Checking after each run does not weaken the bound, because the claim needs an unbroken
 * row of clean runs.
 */
export class Series {
  readonly #claim: Claim;
  readonly #inEach: number;
  readonly #noun: string;
  #clean = 0;
  #spoilt: Verdict | undefined;

  constructor(claim: Claim, disruptions: readonly Disruption[]) {
    this.#claim = claim;
    this.#inEach = trialsIn(disruptions);
    this.#noun = trialNoun(disruptions);
  }

  /** Adds the verdict of a run. */
  add(verdict: Verdict): void {
    if (verdict === 'pass') this.#clean += this.#inEach;
    else this.#spoilt ??= verdict;
  }

  /** The number of clean trials that are still needed; 0 if the claim is shown or cannot hold any more. */
  get needed(): number {
    return this.#spoilt ? 0 : Math.max(0, cleanTrialsFor(this.#claim) - this.#clean);
  }

  /** The state of the series as text. */
  get words(): string {
    const trials = `${this.#clean} clean ${this.#noun}${this.#clean === 1 ? '' : 's'}`;
    const claim = claimInWords(this.#claim, this.#noun);
    if (this.#spoilt)
      return `${trials}, then one with the verdict ${this.#spoilt}: not repeated any more, the claim cannot hold`;
    return this.needed > 0 ? `${trials}; ${this.needed} more to be ${claim}` : `${trials}: ${claim}`;
  }
}
