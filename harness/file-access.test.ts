import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from './sys/paths.ts';

/** The only module that opens files: it follows no links, never blocks, and has limits. */
const files = 'harness/sys/files/';
/** Runs inside a pod of its own, without the rest of holdfast. */
const inPods = 'experiments/workloads/specimen/';

/** Functions that follow a link in the last component of a path, or wait for a pipe. */
const opening =
  /^(?:open|openAsBlob|readFile|writeFile|appendFile|copyFile|truncate|createReadStream|createWriteStream)(?:Sync)?$/;

/** Recipes of the node image, which read and write files of their own builds. Another text would be another image. */
const recipes = ['node-image', 'node-layer', 'system-images'].map((name) => `clusters/node-image/${name}.ts`);

const isTest = (file: string) => /\.test\.ts$|\/testing\//.test(file);

/** What each file imports of node:fs: names, or `*` for all of it. */
function imported(file: string): string[] {
  const source = readFileSync(join(checkoutDir(), file), 'utf8');
  return [...source.matchAll(/^import\s+(type\s)?([^;]*?)\s+from 'node:fs(?:\/promises)?';/gm)].flatMap(
    ([, type, what = '']) => {
      if (type) return [];
      const names = /\{([^}]*)\}/.exec(what)?.[1];
      if (names === undefined) return ['*'];
      return names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type '))
        .map((name) => name.split(' as ')[0] ?? '');
    },
  );
}

const product = globSync('{harness,experiments,clusters,reports}/**/*.ts', { cwd: checkoutDir() }).filter(
  (file) => !isTest(file) && !file.startsWith(files) && !file.startsWith(inPods) && !recipes.includes(file),
);

describe('access to files', () => {
  it('is found by this test', () => {
    assert.ok(imported('harness/sys/files/read.ts').includes('openSync'));
    assert.ok(product.length > 300, `${product.length} files`);
  });

  it('goes through one module: no other code opens a file', () => {
    const opened = product.flatMap((file) =>
      imported(file)
        .filter((name) => name === '*' || opening.test(name))
        .map((name) => `${file}: ${name}`),
    );
    assert.deepEqual(opened, []);
  });

  it('is all of it in that module, for what reads recordings, evidence and state', () => {
    const others = product
      .filter((file) => /^(?:harness|reports)\//.test(file))
      .flatMap((file) => imported(file).map((name) => `${file}: ${name}`));
    assert.deepEqual(others, []);
  });
});
