import type { ArmStory, Bucket } from '../../../harness/model/finding.ts';
import { msToMicros } from '../../../harness/model/units.ts';
import { occurred } from '../../words/cause.ts';
import { count, wholePercent } from '../../words/number.ts';
import { causeFill } from '../markup/cause-mark.ts';
import { type Markup, markup, nothing } from '../markup/markup.ts';
import { hairline, type Lane, laneLabel } from './lane.ts';
import { placed, roundUp, type TimeScale } from './scale.ts';

const failedIn = (bucket: Bucket): number => Object.values(bucket.failed).reduce((sum, many) => sum + many, 0);

/** The top of the failed axis, shared by all arms of an experiment, in requests per bucket. */
export const failedTop = (stories: readonly ArmStory[]): number =>
  roundUp(Math.max(0, ...stories.flatMap(({ buckets }) => buckets.map(failedIn))));

/** Failed requests per bucket, with the causes stacked in the order of the taxonomy. */
export function failedBars(scale: TimeScale, story: ArmStory, top: number, base: number, height: number): Markup {
  const bars = story.buckets.flatMap((bucket) => {
    if (failedIn(bucket) === 0 || bucket.from + msToMicros(story.bucketMs) <= scale.from) return [];
    const x = scale.x(bucket.from);
    const width = Math.max(1, scale.x(bucket.from + msToMicros(story.bucketMs)) - x - 0.6);
    let y = base;
    return occurred(bucket.failed).map((cause) => {
      const tall = ((bucket.failed[cause] ?? 0) / top) * height;
      y -= tall;
      return markup`<rect x="${x}" y="${y}" width="${width}" height="${tall}" fill="${causeFill(cause)}"/>`;
    });
  });
  return markup`${bars}`;
}

export function failedLane(scale: TimeScale, story: ArmStory, top: number): Lane {
  const base = 58;
  return {
    height: story.worstWindow ? 76 : 66,
    label: laneLabel('Failed', `per ${story.bucketMs / 1000} s, by cause`, 34),
    plot: markup`<path d="M0 8H${scale.width}" class="hair"/>${hairline(scale, base)}<text x="4" y="20" class="quiet">${count(top)}</text>${failedBars(scale, story, top, base, base - 8)}${worst(scale, story.worstWindow)}`,
  };
}

/** A bracket under the bars: the window in which the greatest share failed. */
function worst(scale: TimeScale, window: ArmStory['worstWindow']): Markup {
  const place = window && placed(scale, window);
  if (!window || !place) return nothing;
  const { x, width } = place;
  const words = `worst: ${wholePercent(window.share)} of ${(window.to - window.from) / 1e6} s`;
  const fits = x + width + 8 + words.length * 6 < scale.width;
  return markup`<path d="M${x} 61V65H${x + width}V61" class="bracket"/><text x="${fits ? x + width + 8 : x - 8}" y="68" text-anchor="${fits ? 'start' : 'end'}" class="note halo">${words}</text>`;
}
