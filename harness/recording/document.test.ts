import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventSources, eventsSchema, phaseMarks } from '../model/event.ts';
import { checkoutDir } from '../sys/paths.ts';

/** The text below a heading, up to the next heading of its level. */
function section(text: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0] ?? '';
  const [, below = ''] = text.split(`\n${heading}\n`);
  return below.split(new RegExp(`\\n#{1,${level.length}} `))[0] ?? '';
}

describe('docs/recording.md', () => {
  const text = readFileSync(join(checkoutDir(), 'docs', 'recording.md'), 'utf8');
  const events = section(text, '## Events');

  it('names every source of events, in its own section or in the section of its types', () => {
    const table = section(events, '### Sources');
    const rows = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, source]) => source);
    assert.deepEqual(rows.toSorted(), eventSources.toSorted());
    const sections = [...table.matchAll(/^#### (\S+)$/gm)].map(([, source]) => source ?? '');
    assert.deepEqual([...sections, 'phase', 'watch'].toSorted(), eventSources.toSorted());
  });

  it('names every phase', () => {
    const marks = [...section(events, '### Phases').matchAll(/^- \*\*(\w+)\*\*/gm)].map(([, mark]) => mark);
    assert.deepEqual(marks, [...phaseMarks]);
  });

  it('names the current version', () => {
    assert.match(
      section(events, '### Versions'),
      new RegExp(`\\*\\*${eventsSchema}\\*\\* is the version on this page`),
    );
  });
});
