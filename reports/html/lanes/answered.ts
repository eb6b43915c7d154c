import type { ArmStory } from '../../../harness/model/finding.ts';
import { msToMicros } from '../../../harness/model/units.ts';
import { count } from '../../words/number.ts';
import { hairline, type Lane, laneLabel } from '../lane.ts';
import { markup } from '../markup.ts';
import { roundUp, type TimeScale } from '../scale.ts';

const height = 40;
const base = 34;

/** Answered requests a second as a step line from zero; a bucket that the recording's end cut off says nothing. */
export function answeredLane(scale: TimeScale, story: ArmStory): Lane {
  const perSecond = (answered: number) => (answered * 1000) / story.bucketMs;
  const seen = story.buckets.filter(({ from }) => from >= scale.from && from + msToMicros(story.bucketMs) <= scale.end);
  const top = roundUp(Math.max(0, ...seen.map(({ answered }) => perSecond(answered))));
  const y = (answered: number) => base - (perSecond(answered) / top) * (base - 8);
  const first = seen[0];
  const line = seen.map((bucket) => `H${scale.x(bucket.from).toFixed(1)}V${y(bucket.answered).toFixed(1)}`).join('');
  const shape = first
    ? `M${scale.x(first.from).toFixed(1)} ${y(first.answered).toFixed(1)}${line}H${scale.x(scale.end).toFixed(1)}`
    : '';
  return {
    height,
    label: laneLabel('Answered', 'per second', 18),
    plot: markup`${hairline(scale, base)}${
      first
        ? markup`<path d="${shape}V${base}H${scale.x(first.from)}Z" class="area"/><path d="${shape}" class="edge-line"/><text x="4" y="6" class="quiet">${count(top)}</text>`
        : markup`<text x="4" y="26" class="quiet">none</text>`
    }`,
  };
}
