/**
 * Breaks the code at a sample of places, one at a time, and prints where no test fails:
 * `npm run mutate -- PATH… [--seed SEED] [--share 0.1] [--jobs N] [--near]`.
 *
 * Each mutant is tried by the tests that import its file or lie beside it, and those that survive by all tests of its layer.
 * `--near` leaves out the second part, which takes longer.
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
import { drawn, notInSample, type Sample, sampleVariable } from './mutation-sample.ts';

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

/** Fixtures are no product code. */
const isFixture = (file: string): boolean =>
  /\.(?:test|fake)\.ts$|\/(?:testing|golden|damages|synthetic|worlds)\//.test(file);

const mutated = paths.flatMap((path) => {
  const pattern = path.endsWith('.ts') ? path : `${path}/**/*.ts`;
  return globSync(pattern, { cwd: root }).filter((file) => !isFixture(file));
});
if (mutated.length === 0) {
  console.error('Name folders or files of product code, such as: npm run mutate -- harness/plan');
  process.exit(2);
}

/** Such as `harness/judge`. */
const layerOf = (path: string): string => path.split('/').slice(0, 2).join('/');
const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) =>
    join(dirname(file), path),
  );

const allTests = hermeticFiles([]).map((file) => relative(root, file));
const folders = new Set(mutated.map(dirname));
const near = allTests.filter(
  (test) => folders.has(dirname(test)) || importsOf(test).some((path) => mutated.includes(path)),
);
const layers = new Set(mutated.map(layerOf));
const ofLayers = allTests.filter((test) => layers.has(layerOf(test)) || near.includes(test));

/** Tests a sample of the mutants. */
async function mutationTest(sample: Sample, tests: readonly string[]) {
  process.env[sampleVariable] = JSON.stringify(sample);
  const nodeArgs = ['--import', join(root, 'tasks/mocha-for-stryker.ts')];
  const all = await new Stryker({
    mutate: mutated,
    testRunner: 'mocha',
    plugins: ['@stryker-mutator/mocha-runner', join(root, 'tasks/mutation-sample.ts')],
    checkers: ['sample'],
    coverageAnalysis: 'perTest',
    mochaOptions: { spec: [...tests], 'no-config': true, 'no-package': true },
    testRunnerNodeArgs: nodeArgs,
    checkerNodeArgs: nodeArgs,
    concurrency: Number(values.jobs),
    // A machine that is busy for a while must not make a mutant look noticed.
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
  return {
    all,
    killed: tested.filter(({ status }) => status === 'Killed' || status === 'Timeout'),
    survived: tested.filter(({ status }) => status === 'Survived' || status === 'NoCoverage'),
  };
}

const sample: Sample = { seed: values.seed, share: Number(values.share), root };
const first = await mutationTest(sample, near);
let survived = first.survived;
if (!values.near && survived.length > 0 && ofLayers.length > near.length) {
  const only = survived.map((mutant) => drawn(mutant, sample));
  ({ survived } = await mutationTest({ ...sample, only }, ofLayers));
}

for (const { fileName, location, mutatorName, replacement } of survived) {
  const { line, column } = location.start;
  const shown = replacement.replaceAll(/\s+/g, ' ').slice(0, 100);
  console.log(`${relative(root, fileName)}:${line}:${column} ${mutatorName}: ${shown}`);
}
const tested = first.killed.length + first.survived.length;
const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
const commit = execFileSync('git', ['-C', root, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const bound = percent(upperBound(survived.length, tested));
console.log(
  `${tested - survived.length} of ${tested} mutants were noticed (${percent(1 - survived.length / tested)}), drawn from ${first.all.length}. ` +
    `With 95 % confidence, at most ${bound} of all are not. Seed ${sample.seed}, share ${sample.share}, commit ${commit}.`,
);
