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

const importOfFs = /^import\s+(type\s)?([^;]*?)\s+from\s+['"](?:node:)?fs(?:\/promises)?['"];?/gm;
/** `import()`, `require()`, `process.getBuiltinModule()` and `export from`. */
const otherUseOfFs = /['"`](?:node:)?fs(?:\/promises)?['"`]/;
/** zx exports modules and functions that open files. */
const fsOfZx = /^import\s[^;]*\b(?:fs|glob|globby|te?mpfile|te?mpdir)\b[^;]*from\s+['"]zx['"]/m;

/** What a source imports of node:fs: names, or `*` for all of it. */
function importedIn(source: string): string[] {
  const named = [...source.matchAll(importOfFs)].flatMap(([, type, what = '']) => {
    if (type) return [];
    const names = /\{([^}]*)\}/.exec(what)?.[1];
    if (names === undefined || /^\w/.test(what)) return ['*'];
    return names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '))
      .map((name) => name.split(' as ')[0] ?? '');
  });
  return otherUseOfFs.test(source.replaceAll(importOfFs, '')) || fsOfZx.test(source) ? [...named, '*'] : named;
}

const imported = (file: string) => importedIn(readFileSync(join(checkoutDir(), file), 'utf8'));

const product = globSync('{harness,experiments,clusters,reports}/**/*.ts', { cwd: checkoutDir() }).filter(
  (file) => !isTest(file) && !file.startsWith(files) && !file.startsWith(inPods) && !recipes.includes(file),
);

describe('access to files', () => {
  it('is found by this test', () => {
    assert.ok(imported('harness/sys/files/read.ts').includes('openSync'));
    assert.ok(product.length > 300, `${product.length} files`);
    const samples: { readonly [source: string]: readonly string[] } = {
      "import { open as look, type Stats } from 'node:fs/promises';": ['open'],
      "import {\n  existsSync,\n  readFileSync,\n} from 'fs';": ['existsSync', 'readFileSync'],
      "import type { Stats } from 'node:fs';": [],
      "import fs from 'node:fs';": ['*'],
      "import * as files from 'fs/promises';": ['*'],
      "import fs, { existsSync } from 'node:fs';": ['*'],
      "const { readFile } = await import('node:fs/promises');": ['*'],
      "const fs = createRequire(import.meta.url)('fs');": ['*'],
      "process.getBuiltinModule('node:fs').readFileSync(path);": ['*'],
      "export { readFileSync } from 'node:fs';": ['*'],
      "import { $, fs } from 'zx';": ['*'],
      "import { $, type Shell, which } from 'zx';": [],
    };
    for (const [source, names] of Object.entries(samples)) assert.deepEqual(importedIn(source), names, source);
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
