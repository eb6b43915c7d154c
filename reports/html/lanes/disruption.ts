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
  const what = story.disruptions.map(({ fault }) => fault).join(', ') || 'no fault';
  const x = scale.x(scale.zero);
  const words = `${what}, 0 = ${clockTime(story.zero)} UTC`;
  const left = x > 220;
  return {
    height: 26,
    label: laneLabel('Disruption', '', 18),
    plot: markup`<text x="${left ? x - 6 : x + 6}" y="10" text-anchor="${left ? 'end' : 'start'}" class="quiet halo">${words}</text>${brackets}`,
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
