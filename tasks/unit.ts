/**
 * Runs hermetic tests: `npm run unit -- [PATH…] [OPTION…]`. A path is a test file or a folder. Without a path, all
 * hermetic tests run. Options are those of mocha.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hermeticFiles } from '../harness/mocha/run-mocha.ts';
import { reason } from '../harness/model/reason.ts';

const root = join(import.meta.dirname, '..');
const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const paths = firstOption < 0 ? args : args.slice(0, firstOption);

try {
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
  const command = [mocha, ...args.slice(paths.length), ...hermeticFiles(paths)];
  const { status, error } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(reason(error));
  process.exitCode = 2;
}
