import { type Claim, cleanTrialsFor, trialNoun, trialsIn } from '../model/claim.ts';
import type { Disruption } from '../model/experiment.ts';
import { claimInWords } from '../model/in-words.ts';
import type { Verdict } from '../model/verdict.ts';

/**
 * The runs of one treatment that are made for a claim: after each it is decided whether another is made. The first that
 * does not pass ends them, so looking after each one makes the bound no weaker: it needs a row of clean ones.
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

  /** A run ended so. */
  saw(verdict: Verdict): void {
    if (verdict === 'pass') this.#clean += this.#inEach;
    else this.#spoilt ??= verdict;
  }

  /** Clean trials that are still needed; none once the claim is shown, or cannot be any more. */
  get needed(): number {
    return this.#spoilt ? 0 : Math.max(0, cleanTrialsFor(this.#claim) - this.#clean);
  }

  /** What was decided. */
  get words(): string {
    const trials = `${this.#clean} clean ${this.#noun}${this.#clean === 1 ? '' : 's'}`;
    const claim = claimInWords(this.#claim, this.#noun);
    if (this.#spoilt)
      return `${trials}, then one with the verdict ${this.#spoilt}: not repeated any more, the claim cannot hold`;
    return this.needed > 0 ? `${trials}; ${this.needed} more to be ${claim}` : `${trials}: ${claim}`;
  }
}
