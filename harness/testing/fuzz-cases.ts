/** How many cases a fuzz test tries, and where it starts to draw them from, if not as the hermetic tests do. */
export const fuzzVariables = { cases: 'HOLDFAST_FUZZ_CASES', seed: 'HOLDFAST_FUZZ_SEED' } as const;

/** All kinds of files together have 200 cases in the hermetic tests. */
const hermeticCasesOfEachKind = 40;
/** The hermetic tests draw the same cases each time: what they come to depends on the code alone. */
const hermeticSeed = 14;

export const fuzzCases = (): number => Number(process.env[fuzzVariables.cases] ?? hermeticCasesOfEachKind);
export const fuzzSeed = (): number => Number(process.env[fuzzVariables.seed] ?? hermeticSeed);
