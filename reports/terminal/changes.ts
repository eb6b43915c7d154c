import { printable } from '../../harness/model/printable.ts';
import type { Change } from '../words/changes.ts';
import { table } from './layout.ts';
import { painter } from './paint.ts';

/** The changes in these runs as one table; empty if there are none. */
export function changesText(
  runs: readonly { readonly run: string; readonly changes?: readonly Change[] }[],
  color: boolean,
): string {
  const rows = runs.flatMap(({ run, changes = [] }) =>
    changes.map(({ where, what, before, now }) => [run, where, what, before, now].map(printable)),
  );
  if (rows.length === 0) return '';
  const titles = ['run', 'where', 'changed by the rules of this version', 'before', 'now'];
  const [title = [], ...lines] = table(
    titles.map((each) => ({ title: each, align: 'left' })),
    rows,
  );
  const paint = painter(color);
  return `\n${[paint('dim', title.join('  ')), ...lines.map((cells) => cells.join('  '))].join('\n')}\n`;
}
