/**
 * Makes dist/, which holds all code of the package: compiled code with type declarations, and the files that it reads.
 */

import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Files that compiled code reads, each at the same path as in the checkout. */
const read = [
  'clusters/private-engine/*.sh',
  'clusters/kind/docker-with-owner/*',
  'clusters/node-image/*.sh',
  'clusters/node-image/{files,go}/**',
  'experiments/workloads/specimen/*.ts',
  'harness/record/traffic/enlarge-buffer.pl',
  'harness/record/traffic/script.js',
  'harness/record/traffic/k6/**',
  'reports/html/assets/*',
  'reports/schema/*',
  // The text of these sources is part of the input of an image.
  'clusters/node-image/unpacked.ts',
];

const git = (...args: string[]): string => {
  try {
    return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

rmSync(dist, { recursive: true, force: true });
const compiler = join(root, 'node_modules/.bin/tsc');
execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.package.json')], { stdio: 'inherit' });
// Only the test command imports these folders, and a package refuses it.
for (const folder of globSync('**/testing', { cwd: dist })) rmSync(join(dist, folder), { recursive: true });
for (const pattern of read) {
  const files = globSync(pattern, { cwd: root, withFileTypes: true }).filter((entry) => entry.isFile());
  if (files.length === 0) throw new Error(`there is no ${pattern}`);
  for (const { parentPath, name } of files) {
    if (name.endsWith('.test.ts')) continue;
    const from = join(parentPath, name);
    const to = join(dist, from.slice(root.length));
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
  }
}
// A package is not in a checkout, so it records its own version.
const commit = git('rev-parse', 'HEAD');
const made = { commit: commit || 'unknown', dirty: commit === '' || git('status', '--porcelain') !== '' };
writeFileSync(join(dist, 'made-of.json'), `${JSON.stringify(made)}\n`);
