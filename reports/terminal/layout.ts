import { stripVTControlCharacters } from 'node:util';
import { unitsKept } from '../words/number.ts';

/** Control characters would move the cursor or colour what is not ours: evidence is untrusted. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();

/** Lines of at most `width` characters, broken at spaces but not before a unit; a longer word stands alone. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of unitsKept(text).split(/[^\S\u00a0]+/)) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line].map((each) => each.replaceAll('\u00a0', ' '));
}

/** A labelled text whose further lines hang below its first. */
export function hanging(label: string, text: string, width: number): string[] {
  const indent = ' '.repeat(label.length);
  return wrapped(text, Math.max(20, width - label.length)).map((line, index) => (index === 0 ? label : indent) + line);
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Cells padded to their column's width; the last one is left as it is. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[][] {
  return [columns.map(({ title }) => title), ...rows].map((row) =>
    columns.map(({ align }, index) => {
      const width = Math.max(...[columns.map(({ title }) => title), ...rows].map((each) => (each[index] ?? '').length));
      const cell = row[index] ?? '';
      if (align === 'right') return cell.padStart(width);
      return index === columns.length - 1 ? cell : cell.padEnd(width);
    }),
  );
}
