import assert from 'node:assert/strict';
import type { Command } from 'commander';
import { holdfastProgram } from './program.ts';

/** Words of our own that a user would not search for, as beginnings of words. */
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
        const words = text.replaceAll(/\s+/g, ' ');
        const found = unusual.filter((word) => new RegExp(`(?<![\\w’])${word}`, 'i').test(words));
        assert.deepEqual(found, []);
      });
    });
  }
});
