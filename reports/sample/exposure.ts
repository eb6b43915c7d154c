import type { ArmExposure } from '../../harness/model/finding.ts';
import { microsToMs, msToMicros } from '../../harness/model/units.ts';
import type { Scene } from './scene.ts';
import { rate } from './story.ts';

const connections = 144;

/** How far the disruptions of a scene met its traffic. */
export function exposure({ pods, disruptions = [] }: Scene): ArmExposure | undefined {
  const taken = pods.flatMap(({ endpoint }) => {
    const left = endpoint.find(({ state, to }) => state === 'ready' && to !== undefined)?.to;
    return left === undefined ? [] : [left];
  });
  if (disruptions.length === 0 || taken.length === 0) return undefined;
  const second = msToMicros(1000);
  const seconds = taken.toSorted((one, other) => one - other);
  const risky = seconds.reduce((sum, at, index) => sum + Math.min(second, (seconds[index + 1] ?? Infinity) - at), 0);
  return {
    pods: taken.length,
    exposed: taken.length,
    connections: Math.round((connections * taken.length) / Math.max(3, taken.length)),
    requests: Math.round((rate * microsToMs(risky)) / 1000),
    riskyMs: Math.round(microsToMs(risky)),
  };
}
