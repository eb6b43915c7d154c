import type { AddedLatency, Percentiles } from '../../model/finding.ts';
import type { Ms } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { GeneratorLoad } from '../evidence/load.ts';

/** A percentile needs this many answers above it, so the 99th needs 300 answers. With fewer it depends on chance. */
const fewestBeyond = 3;

type Judged = keyof GeneratorLoad['latency'];

/** Undefined if there were too few answers. */
function percentile({ latency }: GeneratorLoad, phase: Judged, of: number): Ms | undefined {
  const histogram = latency[phase];
  return (histogram.total * (100 - of)) / 100 >= fewestBeyond ? histogram.quantile(of / 100) : undefined;
}

/** How much longer successful answers took than in the baseline, at a percentile; negative if they were faster. */
export function addedMs(load: GeneratorLoad, phase: Judged, of: number): Ms | undefined {
  const [before, after] = [percentile(load, 'baseline', of), percentile(load, phase, of)];
  // Both values are multiples of 0.1 ms.
  return before === undefined || after === undefined ? undefined : Math.round((after - before) * 10) / 10;
}

const percentiles = (of: (percentile: number) => Ms | undefined): Percentiles => {
  const [p50Ms, p99Ms] = [of(50), of(99)];
  return { ...(p50Ms !== undefined && { p50Ms }), ...(p99Ms !== undefined && { p99Ms }) };
};

export const addedLatency = ({ generators }: ArmEvidence): AddedLatency[] =>
  generators.map((load) => ({
    gen: load.gen,
    conn: load.header?.conn ?? 'unknown',
    baseline: percentiles((of) => percentile(load, 'baseline', of)),
    fault: percentiles((of) => addedMs(load, 'fault', of)),
    tail: percentiles((of) => addedMs(load, 'tail', of)),
  }));
