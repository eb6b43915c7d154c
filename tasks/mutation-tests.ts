/** Chooses the tests that could notice a mutant. Paths are relative to the checkout. */

import { dirname } from 'node:path';

/** The files that a file imports. */
export type ImportsOf = (file: string) => readonly string[];

/** Such as `harness/judge`. */
const layerOf = (path: string): string => path.split('/').slice(0, 2).join('/');

const isFixture = (file: string): boolean => /(?:^|\/)testing\//.test(file);

/** Tests that import one of the files or lie next to one. */
export function testsNear(files: readonly string[], tests: readonly string[], importsOf: ImportsOf): string[] {
  const folders = new Set(files.map(dirname));
  return tests.filter((test) => folders.has(dirname(test)) || importsOf(test).some((path) => files.includes(path)));
}

/** The files that a test imports, directly or through files of folders named `testing/`. */
function importedBy(test: string, importsOf: ImportsOf): Set<string> {
  const imported = new Set(importsOf(test));
  // Files that are added to the set during the loop are visited too.
  for (const file of imported) if (isFixture(file)) for (const next of importsOf(file)) imported.add(next);
  return imported;
}

/**
 * Tests of the layers of these files, and the tests of `harness/testing` that import one of the layers, directly or
 * through files of folders named `testing/`: damaged and simulated recordings test the judge, for example.
 */
export function testsOfLayers(files: readonly string[], tests: readonly string[], importsOf: ImportsOf): string[] {
  const layers = new Set(files.map(layerOf));
  const own = tests.filter((test) => layers.has(layerOf(test)));
  const shared = tests.filter(
    (test) =>
      layerOf(test) === 'harness/testing' &&
      [...importedBy(test, importsOf)].some((file) => !isFixture(file) && layers.has(layerOf(file))),
  );
  // The tests of a layer are fast. They run first, because a mutant is not tested further after the first failure.
  return [...own, ...shared];
}

/** Whether the code signals its own process group. Its mutants would end the processes that test them. */
export const signalsItsGroup = (code: string): boolean => /\bprocess\.kill\(0,/.test(code);
