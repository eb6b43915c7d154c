import { createHash } from 'node:crypto';

/** The number of cases that a fuzz test tries, and the seed, unless they are the defaults of the hermetic tests. */
export const fuzzVariables = { cases: 'HOLDFAST_FUZZ_CASES', seed: 'HOLDFAST_FUZZ_SEED' } as const;

/** In the hermetic tests, all kinds of files together get 200 cases. */
const hermeticCasesOfEachKind = 40;
/** The hermetic tests draw the same cases each time, so that the results depend only on the code. */
const hermeticSeed = 14;

export const fuzzCases = (): number => Number(process.env[fuzzVariables.cases] ?? hermeticCasesOfEachKind);
export const fuzzSeed = (): number => Number(process.env[fuzzVariables.seed] ?? hermeticSeed);

/** The number of cases with which all of them are tried. With a lower number, a part of them is tried. */
const casesForAll = 400;

/** A part of the cases, at least one: as large a share as `fuzzCases` is of 400. The seed selects them. */
export function drawCases<T>(cases: { readonly [what: string]: T }): { readonly [what: string]: T } {
  const placeOf = (what: string) => createHash('sha256').update(`${fuzzSeed()} ${what}`).digest('hex');
  const places = new Map(Object.keys(cases).map((what) => [what, placeOf(what)]));
  const drawn = Object.entries(cases).sort(([a], [b]) => ((places.get(a) ?? '') < (places.get(b) ?? '') ? -1 : 1));
  const count = Math.ceil(drawn.length * Math.min(1, fuzzCases() / casesForAll));
  return Object.fromEntries(drawn.slice(0, count));
}
