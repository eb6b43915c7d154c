import type { RowTable } from './row-table.ts';

/** So many rows take a few milliseconds. */
const atOnce = 50_000;

/** Sees all rows of a table by their numbers, and lets what else is due have its turn meanwhile: it may hold millions. */
export async function eachRow(
  { size }: Pick<RowTable, 'size'>,
  pause: () => Promise<void>,
  see: (row: number) => void,
): Promise<void> {
  for (let from = 0; from < size; from += atOnce) {
    await pause();
    const to = Math.min(size, from + atOnce);
    for (let row = from; row < to; row++) see(row);
  }
}
