/** How many cases a fuzz test tries, if it is to try more than the hermetic tests do. */
export const fuzzCasesVariable = 'HOLDFAST_FUZZ_CASES';

/** All kinds of files together have 200 cases in the hermetic tests. */
const hermeticCasesOfEachKind = 40;

export const fuzzCases = (): number => Number(process.env[fuzzCasesVariable] ?? hermeticCasesOfEachKind);
