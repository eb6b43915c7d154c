import assert from 'node:assert/strict';

/** The least CPU time of three tries, in milliseconds. */
function least(work: () => void): number {
  const tries = [1, 2, 3].map(() => {
    const start = process.cpuUsage();
    work();
    return process.cpuUsage(start).user / 1000;
  });
  return Math.min(...tries);
}

/**
 * Asserts that work on a text made of one piece again and again takes time that grows with its length, not with its square:
 * eight times as long, it may take 24 times as much. So a slow machine changes nothing.
 */
export function assertLinear(piece: string, work: (text: string) => void): void {
  const of = (size: number) => {
    const text = piece.repeat(size / piece.length);
    return least(() => work(text));
  };
  const [small, large] = [of(125_000), of(1_000_000)];
  assert.ok(large < 24 * Math.max(small, 10), `${JSON.stringify(piece)}: ${small} ms, then ${large} ms`);
}
