/** A plugin of Stryker that tests only a sample of all mutants. The seed determines the sample. */

import { createHash } from 'node:crypto';
import { relative } from 'node:path';

/** Counted from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The fields of a mutant that identify it. */
export interface MutantIdentity {
  readonly fileName: string;
  readonly location: { readonly start: Position; readonly end: Position };
  readonly mutatorName: string;
  readonly replacement: string;
}

/** Passed to the plugin in the environment, because Stryker loads the plugin in separate processes. */
export const sampleVariable = 'HOLDFAST_MUTATION_SAMPLE';

export interface Sample {
  readonly seed: string;
  /** From 0 to 1. */
  readonly share: number;
  /** The checkout. Paths of mutants are relative to it. */
  readonly root: string;
  /** The drawn numbers of the mutants to test. If absent, the whole sample is tested. */
  readonly only?: readonly number[];
}

/** A number from 0 to 1 that the seed gives to each mutant. The mutants with the lowest numbers are the sample. */
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

  /** All mutants are checked at once, because nothing is compiled. */
  async group(mutants: readonly { readonly id: string }[]): Promise<string[][]> {
    return [mutants.map(({ id }) => id)];
  }
}

export const strykerPlugins = [{ kind: 'Checker', name: 'sample', injectableClass: SampleChecker }];
