import type { Micros } from '../../../harness/model/units.ts';
import type { TimeScale } from './scale.ts';

/** The path of a value that holds from each point to the next, and to the end of the recording. */
export function stepLine(scale: TimeScale, points: readonly (readonly [at: Micros, y: number])[]): string {
  const steps = points.map(([at, y], index) =>
    index === 0 ? `M${scale.x(at).toFixed(1)} ${y.toFixed(1)}` : `H${scale.x(at).toFixed(1)}V${y.toFixed(1)}`,
  );
  return steps.length === 0 ? '' : `${steps.join('')}H${scale.x(scale.end).toFixed(1)}`;
}
