import type { RowTable } from './row-table.ts';

/** This many rows take a few milliseconds. */
const atOnce = 50_000;

/** Calls back for all rows of a table in order. It pauses regularly, because a table may hold millions of rows. */
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
