import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { errorCodes } from '../../model/error-code.ts';
import { checkoutDir } from '../../sys/paths.ts';
import { holdfastProgram } from '../program.ts';
import { jsonOutputs } from './print-json.ts';

/** Commands that print only progress, or only the output of other programs. */
const withoutResult = ['cluster reset', 'cluster down', 'lab build', 'lab export', 'lab import', 'test', 'watchdog'];

/** Commands without subcommands, by their full names. */
const leaves = (command: Command, path: readonly string[] = []): (readonly [name: string, command: Command])[] =>
  command.commands.length === 0
    ? [[path.join(' '), command]]
    : command.commands.flatMap((each) => leaves(each, [...path, each.name()]));

describe('--json', () => {
  const commands = leaves(holdfastProgram());

  it('is an option of every command that prints a result', () => {
    assert.ok(commands.length > 20);
    const without = commands.filter(([, { options }]) => !options.some(({ long }) => long === '--json'));
    assert.deepEqual(without.map(([name]) => name).sort(), withoutResult.sort());
  });

  it('prints documents whose schemas name their version, and which docs/json.md lists', () => {
    const document = readFileSync(join(checkoutDir(), 'docs/json.md'), 'utf8').replaceAll(/ +\|/g, ' |');
    for (const [schema, printedBy] of Object.entries(jsonOutputs)) {
      assert.match(schema, /^holdfast\.[a-z-]+\/\d+$/);
      assert.ok(document.includes(`| \`${schema}\` | ${printedBy} |`), schema);
    }
    for (const [code, meaning] of Object.entries(errorCodes))
      assert.ok(document.includes(`| \`${code}\` | ${meaning} |`), code);
  });
});
