import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { specimen } from '../../experiments/workloads/specimen.ts';
import { settingKeys } from '../plan/settings.ts';
import { checkoutDir } from '../sys/paths.ts';
import { holdfastProgram } from './program.ts';

/** Prefixes of our own words that a user would not search for. */
const unusual = [
  'deed',
  'died',
  'faithful',
  'farewell',
  'give up',
  'given up',
  'instead: ',
  'nobody',
  'of several',
  'put back',
  'so long',
  'so often',
  'somebody',
  'take away',
  'takes away',
  'testif',
  'to be had',
  'today’s rules',
  'unless told',
  'whoever',
  'whom',
];

const unusualIn = (text: string): string[] => {
  const words = text.replaceAll(/\s+/g, ' ');
  return unusual.filter((word) => new RegExp(`(?<![\\w’])${word}`, 'i').test(words));
};

interface Page {
  readonly title: string;
  readonly text: string;
}

/** The help of a command and of all its subcommands, as a user sees it. */
function pagesOf(command: Command, parents: readonly string[] = []): Page[] {
  const path = [...parents, command.name()];
  let text = '';
  command.configureOutput({ writeOut: (more) => (text += more) });
  command.outputHelp();
  return [{ title: path.join(' '), text }, ...command.commands.flatMap((each) => pagesOf(each, path))];
}

describe('--help', () => {
  const pages = pagesOf(holdfastProgram());

  it('has a page for every command', () => {
    const titles = pages.map(({ title }) => title);
    for (const title of ['holdfast', 'holdfast run', 'holdfast cluster up', 'holdfast lab import', 'holdfast watchdog'])
      assert.ok(titles.includes(title), title);
    assert.ok(pages.length > 20);
  });

  it('names all settings of --set', () => {
    for (const command of ['run', 'plan', 'inject']) {
      const { text = '' } = pages.find(({ title }) => title === `holdfast ${command}`) ?? {};
      const options = Object.values(specimen().options).map(({ key }) => key);
      const settings = `Settings: ${settingKeys.join(', ')}. The built-in workload also has ${options.join(', ')}.`;
      assert.ok(text.replaceAll(/\s+/g, ' ').includes(settings), text);
    }
  });

  for (const { title, text } of pages) {
    describe(title, () => {
      it('fits into 100 columns', () => {
        const long = text.split('\n').filter((line) => line.length > 100);
        assert.deepEqual(long, []);
      });

      it('shows defaults in the units that are typed', () => {
        assert.doesNotMatch(text, /default: \[/);
        // A number of four digits or more without a unit can only be milliseconds.
        assert.doesNotMatch(text, /default:\s+"?\d{4,}"?\)/);
      });

      it('uses no words of our own', () => {
        assert.deepEqual(unusualIn(text), []);
      });
    });
  }
});

describe('the documents', () => {
  for (const name of ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'clusters/README.md'])
    it(`use no words of our own: ${name}`, () =>
      assert.deepEqual(unusualIn(readFileSync(join(checkoutDir(), name), 'utf8')), []));

  it('name every command in the README', () => {
    const readme = readFileSync(join(checkoutDir(), 'README.md'), 'utf8');
    const commands = pagesOf(holdfastProgram()).map(({ title }) => title.split(' ')[1] ?? '');
    for (const name of new Set(commands)) assert.ok(name === 'watchdog' || readme.includes(name), name);
  });
});
