import type { ArmStory, PodLane } from '../../../harness/model/finding.ts';
import { clockTime } from '../../words/number.ts';
import { type Lane, laneLabel } from '../lane.ts';
import { markup } from '../markup.ts';
import { placed, type TimeScale } from '../scale.ts';

/** One pod's disruption, from delete to gone. */
export const disrupted = (pods: readonly PodLane[]) =>
  pods
    .flatMap((lane) => lane.bar.filter((span) => span.state === 'terminating'))
    .toSorted((one, other) => one.from - other.from);

/** Numbered brackets over the disruptions, and the clock time of zero. */
export function disruptionLane(scale: TimeScale, story: ArmStory): Lane {
  const places = disrupted(story.pods).flatMap((span) => placed(scale, span) ?? []);
  const brackets = places.map(({ x, width }, index) => {
    const crowded = x - (places[index - 1]?.x ?? Number.NEGATIVE_INFINITY) < 12;
    return markup`<path d="M${x} 20V14H${x + width}V20" class="bracket"/>${
      crowded ? '' : markup`<text x="${x}" y="10" class="strong">${index + 1}</text>`
    }`;
  });
  const faults = [...new Set(story.disruptions.map(({ fault }) => fault))].join(', ');
  return {
    height: 34,
    label: laneLabel(faults || 'no disruption', `0 = ${clockTime(story.zero)} UTC`, 14),
    plot: markup`${brackets}`,
  };
}

/** Pale bands of the disruptions through all lanes. */
export function bands(scale: TimeScale, story: ArmStory, top: number, bottom: number) {
  return markup`${disrupted(story.pods).map((span) => {
    const place = placed(scale, span);
    return place
      ? markup`<rect x="${place.x}" y="${top}" width="${place.width}" height="${bottom - top}" class="band"/>`
      : '';
  })}`;
}
