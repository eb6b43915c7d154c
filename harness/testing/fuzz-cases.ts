import { createHash } from 'node:crypto';

/** How many cases a fuzz test tries, and where it starts to draw them from, if not as the hermetic tests do. */
export const fuzzVariables = { cases: 'HOLDFAST_FUZZ_CASES', seed: 'HOLDFAST_FUZZ_SEED' } as const;

/** All kinds of files together have 200 cases in the hermetic tests. */
const hermeticCasesOfEachKind = 40;
/** The hermetic tests draw the same cases each time: what they come to depends on the code alone. */
const hermeticSeed = 14;

export const fuzzCases = (): number => Number(process.env[fuzzVariables.cases] ?? hermeticCasesOfEachKind);
export const fuzzSeed = (): number => Number(process.env[fuzzVariables.seed] ?? hermeticSeed);

/** All of them are tried with this number of cases, and fewer with fewer. */
const casesForAll = 400;

/** Some of the cases, at least one: as large a share as `fuzzCases` is of 400. The seed decides which. */
export function drawCases<T>(cases: { readonly [what: string]: T }): { readonly [what: string]: T } {
  const placeOf = (what: string) => createHash('sha256').update(`${fuzzSeed()} ${what}`).digest('hex');
  const places = new Map(Object.keys(cases).map((what) => [what, placeOf(what)]));
  const drawn = Object.entries(cases).sort(([a], [b]) => ((places.get(a) ?? '') < (places.get(b) ?? '') ? -1 : 1));
  const count = Math.ceil(drawn.length * Math.min(1, fuzzCases() / casesForAll));
  return Object.fromEntries(drawn.slice(0, count));
}
