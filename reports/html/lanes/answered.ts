import type { ArmStory } from '../../../harness/model/finding.ts';
import { microsToMs, msToMicros } from '../../../harness/model/units.ts';
import { count, shortSeconds } from '../../words/number.ts';
import { type Markup, markup, nothing } from '../markup/markup.ts';
import { hairline, type Lane, laneLabel } from './lane.ts';
import { placed, roundUp, type TimeScale } from './scale.ts';
import { stepLine } from './step-line.ts';

const base = 34;

/**
 * Answered requests per second as a step line, and the longest time without an answer. A bucket that the end of the
 * recording cut off is left out.
 */
export function answeredLane(scale: TimeScale, story: ArmStory): Lane {
  const perSecond = (answered: number) => (answered * 1000) / story.bucketMs;
  const seen = story.buckets.filter(({ from }) => from >= scale.from && from + msToMicros(story.bucketMs) <= scale.end);
  const top = roundUp(Math.max(0, ...seen.map(({ answered }) => perSecond(answered))));
  const y = (answered: number) => base - (perSecond(answered) / top) * (base - 8);
  const [first] = seen;
  const shape = stepLine(
    scale,
    seen.map(({ from, answered }) => [from, y(answered)] as const),
  );
  return {
    height: 40,
    label: laneLabel('Answered', 'per second', 18),
    plot: markup`${hairline(scale, base)}${
      first
        ? markup`<path d="${shape}V${base}H${scale.x(first.from)}Z" class="area"/><path d="${shape}" class="edge-line"/><text x="4" y="6" class="quiet">${count(top)}</text>`
        : markup`<text x="4" y="26" class="quiet">none</text>`
    }${silence(scale, story.silence)}`,
  };
}

function silence(scale: TimeScale, span: ArmStory['silence']): Markup {
  const place = span && placed(scale, span);
  if (!span || !place) return nothing;
  const words = `no ${span.conn ? `${span.conn} ` : ''}answer for ${shortSeconds(microsToMs(span.to - span.from))}`;
  const fits = place.x + place.width + 8 + words.length * 6 < scale.width;
  const inside = place.width > words.length * 6 + 12;
  const x = inside ? place.x + place.width / 2 : fits ? place.x + place.width + 8 : place.x - 8;
  const anchor = inside ? 'middle' : fits ? 'start' : 'end';
  return markup`<rect x="${place.x}" y="4" width="${place.width}" height="${base - 4}" class="silence"/><text x="${x}" y="23" text-anchor="${anchor}" class="missed-text halo">${words}</text>`;
}
