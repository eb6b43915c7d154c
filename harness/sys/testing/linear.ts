import assert from 'node:assert/strict';

/** The smallest CPU time of three tries, in milliseconds. */
function least(work: () => void): number {
  const tries = [1, 2, 3].map(() => {
    const start = process.cpuUsage();
    work();
    return process.cpuUsage(start).user / 1000;
  });
  return Math.min(...tries);
}

/**
 * Asserts that the work on a text takes linear and not quadratic time. A text that is eight times as long may take at
 * most 24 times as long, so a slow machine does not matter.
 */
export function assertLinear(piece: string, work: (text: string) => void): void {
  const of = (size: number) => {
    const text = piece.repeat(size / piece.length);
    return least(() => work(text));
  };
  const [small, large] = [of(125_000), of(1_000_000)];
  assert.ok(large < 24 * Math.max(small, 10), `${JSON.stringify(piece)}: ${small} ms, then ${large} ms`);
}
