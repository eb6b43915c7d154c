import type { DoctorLine } from './line.ts';

/** The lines as a table with the fixes, then the number of lines in each state. */
export function renderDoctor(lines: readonly DoctorLine[]): string {
  const width = Math.max(...lines.map(({ name }) => name.length));
  const rows = lines.flatMap(({ name, state, detail, fix }) => [
    `${state.padEnd(8)}  ${name.padEnd(width)}  ${detail}`,
    ...(fix === undefined ? [] : [`${' '.repeat(width + 12)}$ ${fix}`]),
  ]);
  const states = ['ok', 'fixable', 'missing'] as const;
  const counts = states.map((state) => `${lines.filter((line) => line.state === state).length} ${state}`);
  return `${rows.join('\n')}\n\n${counts.join(', ')}\n`;
}
