/** A plugin of Stryker: of all mutants, only a sample is tested. It is drawn by the seed, and is the same each time. */

import { createHash } from 'node:crypto';
import { relative } from 'node:path';

/** Counted from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The part of a mutant that tells it from all others. */
export interface MutantIdentity {
  readonly fileName: string;
  readonly location: { readonly start: Position; readonly end: Position };
  readonly mutatorName: string;
  readonly replacement: string;
}

/** Passed to the plugin in the environment, because Stryker loads it in processes of their own. */
export const sampleVariable = 'HOLDFAST_MUTATION_SAMPLE';

export interface Sample {
  readonly seed: string;
  /** From 0 to 1. */
  readonly share: number;
  /** The checkout: paths of mutants are taken relative to it. */
  readonly root: string;
  /** The numbers that were drawn for the mutants to test; all of the sample if this is absent. */
  readonly only?: readonly number[];
}

/** A number from 0 to 1 that the seed gives to each mutant: those with the lowest numbers are the sample. */
export function drawn(
  { fileName, location, mutatorName, replacement }: MutantIdentity,
  { seed, root }: Sample,
): number {
  const { start, end } = location;
  const place = [relative(root, fileName), start.line, start.column, end.line, end.column];
  const text = JSON.stringify([seed, ...place, mutatorName, replacement]);
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

const isIn = (mutant: MutantIdentity, sample: Sample): boolean => {
  const number = drawn(mutant, sample);
  return number < sample.share && (sample.only?.includes(number) ?? true);
};

/** Why a mutant was not tested. */
export const notInSample = 'not in the sample';

/** Left-out mutants get the status CompileError, which Stryker does not count. */
class SampleChecker {
  readonly #sample: Sample = JSON.parse(process.env[sampleVariable] ?? '{}');

  async init(): Promise<void> {}

  async check(mutants: readonly (MutantIdentity & { readonly id: string })[]) {
    return Object.fromEntries(
      mutants.map((mutant) => [
        mutant.id,
        isIn(mutant, this.#sample) ? { status: 'passed' } : { status: 'compileError', reason: notInSample },
      ]),
    );
  }

  /** All at once: nothing is compiled. */
  async group(mutants: readonly { readonly id: string }[]): Promise<string[][]> {
    return [mutants.map(({ id }) => id)];
  }
}

export const strykerPlugins = [{ kind: 'Checker', name: 'sample', injectableClass: SampleChecker }];
