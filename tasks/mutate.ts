/**
 * Breaks the code at a sample of places, one at a time, and prints the places at which no test fails:
 * `npm run mutate -- PATH… [--seed SEED] [--share 0.1] [--jobs N] [--near]`.
 *
 * For each folder, the mutants are first tested with the tests that import their files or lie next to them. The
 * survivors are then tested with all tests of their layers and with those of `harness/testing` that import the layers.
 * `--near` skips this second part, which takes most of the time. Files that signal their own process group are left out.
 */

import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import './mocha-for-stryker.ts';
import { Stryker } from '@stryker-mutator/core';
import { upperBound } from '../harness/judge/strength.ts';
import { hermeticFiles } from '../harness/mocha/run-mocha.ts';
import { drawn, notInSample, type Position, type Sample, sampleVariable } from './mutation-sample.ts';
import { signalsItsGroup, testsNear, testsOfLayers } from './mutation-tests.ts';

const root = join(import.meta.dirname, '..');
const { values, positionals: paths } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    share: { type: 'string', default: '0.1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    near: { type: 'boolean', default: false },
  },
});

/** Whether a file is a fixture or a test, and not product code. */
const isFixture = (file: string): boolean => /\.test\.ts$|\/testing\//.test(file);

const mutated = paths.flatMap((path) => {
  const pattern = path.endsWith('.ts') ? path : `${path}/**/*.ts`;
  return globSync(pattern, { cwd: root }).filter(
    (file) => !isFixture(file) && !signalsItsGroup(readFileSync(join(root, file), 'utf8')),
  );
});
if (mutated.length === 0) {
  console.error('Name folders or files of product code, such as: npm run mutate -- harness/plan');
  process.exit(2);
}

const allTests = hermeticFiles([]).map((file) => relative(root, file));
const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
    join(dirname(file), path),
  );

/** Tests a sample of the mutants of these files. */
async function mutationTest(sample: Sample, files: readonly string[], tests: readonly string[]) {
  process.env[sampleVariable] = JSON.stringify(sample);
  const nodeArgs = ['--import', join(root, 'tasks/mocha-for-stryker.ts')];
  const all = await new Stryker({
    mutate: [...files],
    testRunner: 'mocha',
    plugins: ['@stryker-mutator/mocha-runner', join(root, 'tasks/mutation-sample.ts')],
    checkers: ['sample'],
    coverageAnalysis: 'perTest',
    mochaOptions: { spec: [...tests], 'no-config': true, 'no-package': true },
    testRunnerNodeArgs: nodeArgs,
    checkerNodeArgs: nodeArgs,
    concurrency: Number(values.jobs),
    // A machine that is briefly busy must not make a mutant look killed.
    timeoutFactor: 5,
    timeoutMS: 60_000,
    dryRunTimeoutMinutes: 60,
    // Stryker reads this file with the JavaScript API of TypeScript, which TypeScript 7 does not have.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    reporters: ['progress'],
    warnings: false,
    allowConsoleColors: false,
    tempDirName: '.stryker-tmp',
    cleanTempDir: 'always',
    ignorePatterns: ['coverage', 'dist', 'runs', '*.tgz'],
  }).runMutationTest();
  const tested = all.filter(({ statusReason }) => statusReason !== notInSample);
  // All others were noticed: a test failed, did not end, or its process could not load the code or ended.
  const survived = tested.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  return { known: all.length, tested: tested.length, survived };
}

const sample: Sample = { seed: values.seed, share: Number(values.share), root };
let [known, tested] = [0, 0];
let survived: Awaited<ReturnType<Stryker['runMutationTest']>> = [];
for (const [folder, files = []] of Map.groupBy(mutated, dirname)) {
  const tests = testsNear(files, allTests, importsOf);
  console.log(`${folder}: ${files.length} files, ${tests.length} test files`);
  // Stryker refuses to run without a test. Files without tests of their own are tested with those of their layer.
  const found = await mutationTest(sample, files, tests.length > 0 ? tests : testsOfLayers(files, allTests, importsOf));
  known += found.known;
  tested += found.tested;
  survived.push(...found.survived);
}
if (!values.near && survived.length > 0) {
  console.log(`${survived.length} survivors: all tests that import their layers`);
  // Results count lines and columns from 1. Mutants that a plugin receives count from 0.
  const from0 = ({ line, column }: Position) => ({ line: line - 1, column: column - 1 });
  const only = survived.map((mutant) => {
    const { start, end } = mutant.location;
    return drawn({ ...mutant, location: { start: from0(start), end: from0(end) } }, sample);
  });
  const files = [...new Set(survived.map(({ fileName }) => relative(root, fileName)))];
  const tests = new Set([...testsOfLayers(files, allTests, importsOf), ...testsNear(files, allTests, importsOf)]);
  const again = await mutationTest({ ...sample, only }, files, [...tests]);
  if (again.tested !== survived.length)
    throw new Error(`of ${survived.length} survivors, ${again.tested} were tried again`);
  ({ survived } = again);
}

for (const { fileName, location, mutatorName, replacement } of survived) {
  const { line, column } = location.start;
  const shown = replacement.replaceAll(/\s+/g, ' ').slice(0, 100);
  console.log(`${relative(root, fileName)}:${line}:${column} ${mutatorName}: ${shown}`);
}
if (tested === 0) {
  console.error(`No mutant was drawn from ${known}. Raise --share`);
  process.exit(2);
}
const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
const commit = execFileSync('git', ['-C', root, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const bound = percent(upperBound(survived.length, tested));
console.log(
  `${tested - survived.length} of ${tested} mutants were noticed (${percent(1 - survived.length / tested)}), drawn from ${known}. ` +
    `With 95 % confidence, at most ${bound} of all are not. Seed ${sample.seed}, share ${sample.share}, commit ${commit}.`,
);
