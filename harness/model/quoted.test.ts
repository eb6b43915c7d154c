import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { quoted } from './quoted.ts';

describe('an argument that is quoted for a shell', () => {
  const inShell = (argument: string) =>
    execFileSync('sh', ['-c', `printf %s ${quoted(argument)}`], { encoding: 'utf8' });

  it('has the same value in the shell', () => {
    for (const argument of [
      '',
      'it’s',
      "'",
      "a'; echo b",
      '$(id)',
      '`id`',
      'a\nb',
      '*',
      '~',
      '-n',
      'a b',
      '\\',
      '!',
      '#',
    ])
      assert.equal(inShell(argument), argument);
  });

  it('is not changed if it is a plain name or path', () => {
    for (const argument of ['rolling-update', '/runs/20261118T112000Z-drain', 'replicas=3', '--seed'])
      assert.equal(quoted(argument), argument);
  });
});
