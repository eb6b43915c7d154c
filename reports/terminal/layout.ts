import { unitsKept } from '../words/number.ts';

/** Lines of at most `width` characters, broken at spaces but not before a unit. A longer word gets its own line. */
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

/** A labelled text with a hanging indent. */
export function hanging(label: string, text: string, width: number): string[] {
  const indent = ' '.repeat(label.length);
  return wrapped(text, Math.max(20, width - label.length)).map((line, index) => (index === 0 ? label : indent) + line);
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Pads cells to the width of their column, except the last one. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[][] {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => all.reduce((most, row) => Math.max(most, (row[index] ?? '').length), 0));
  return all.map((row) =>
    columns.map(({ align }, index) => {
      const width = widths[index] ?? 0;
      const cell = row[index] ?? '';
      if (align === 'right') return cell.padStart(width);
      return index === columns.length - 1 ? cell : cell.padEnd(width);
    }),
  );
}
