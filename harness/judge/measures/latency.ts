import type { AddedLatency, Percentiles } from '../../model/finding.ts';
import type { Ms } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { GeneratorLoad } from '../evidence/load.ts';

/** With fewer answers beyond it, a percentile is the luck of a few: the 99th needs 300. */
const fewestBeyond = 3;

type Judged = keyof GeneratorLoad['latency'];

/** Undefined where too few answers came to tell. */
function percentile({ latency }: GeneratorLoad, phase: Judged, of: number): Ms | undefined {
  const histogram = latency[phase];
  return (histogram.total * (100 - of)) / 100 >= fewestBeyond ? histogram.quantile(of / 100) : undefined;
}

/** How much longer successful answers took than in the baseline, at a percentile; negative: less long. */
export function addedMs(load: GeneratorLoad, phase: Judged, of: number): Ms | undefined {
  const [before, after] = [percentile(load, 'baseline', of), percentile(load, phase, of)];
  // Both are whole tenths.
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
