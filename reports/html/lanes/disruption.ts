import type { ArmStory, DisruptionSpan, PodLane } from '../../../harness/model/finding.ts';
import { clockTime } from '../../words/number.ts';
import { isolatedInSvg, joined, type Markup, markup, nothing } from '../markup/markup.ts';
import { fitted, type Lane, labelEdge, laneLabel } from './lane.ts';
import { placed, type TimeScale } from './scale.ts';

/** A band for each disruption, from its intent until it was undone, and a lane for the pods that ended. */
export function disruptionLanes(scale: TimeScale, story: ArmStory): Lane[] {
  const clock = `0 = ${clockTime(story.zero)} UTC`;
  if (story.disruptions.length === 0)
    return [{ height: 34, label: laneLabel('no disruption', clock, 14), plot: nothing }];
  return [...story.disruptions.map((span) => disruptionLane(scale, span)), endedPodsLane(scale, story, clock)];
}

function disruptionLane(scale: TimeScale, { id, fault, landed, ...span }: DisruptionSpan): Lane {
  const place = placed(scale, span);
  const label = markup`<text x="${labelEdge}" y="13" text-anchor="end" class="lane-title heavy">${fitted(id, 17)}</text>`;
  if (!place) return { height: 18, label, plot: nothing };
  const end = place.x + place.width;
  const name = fault === id ? [] : [fault];
  const missed = landed ? [] : ['not observed to take effect'];
  const words = [...name, ...missed].join(', ');
  const note = joined([...name.map(isolatedInSvg), ...missed], ', ');
  const fits = end + 8 + words.length * 6 < scale.width;
  return {
    height: 18,
    label,
    plot: markup`<rect x="${place.x}" y="4" width="${place.width}" height="10" class="disruption"/>${
      landed && landed.at <= scale.to ? landingMark(scale.x(landed.at)) : ''
    }<text x="${fits ? end + 8 : place.x - 8}" y="13" text-anchor="${fits ? 'start' : 'end'}" class="note halo">${note}</text>`,
  };
}

const landingMark = (x: number): Markup => markup`<path d="M${x - 5} 4h10l-5 9z" class="mark landing"/>`;

/** The disruption of one pod, from its deletion to its removal. */
export const disrupted = (pods: readonly PodLane[]) =>
  pods
    .flatMap((lane) => lane.bar.filter((span) => span.state === 'terminating'))
    .toSorted((one, other) => one.from - other.from);

/** Numbered brackets over the pods that ended. */
function endedPodsLane(scale: TimeScale, story: ArmStory, clock: string): Lane {
  const places = disrupted(story.pods).flatMap((span) => placed(scale, span) ?? []);
  const brackets = places.map(({ x, width }, index) => {
    const crowded = x - (places[index - 1]?.x ?? Number.NEGATIVE_INFINITY) < 12;
    return markup`<path d="M${x} 22V16H${x + width}V22" class="bracket"/>${
      crowded ? '' : markup`<text x="${x}" y="12" class="strong">${index + 1}</text>`
    }`;
  });
  return { height: 36, label: laneLabel('Pods ended', clock, 15), plot: markup`${brackets}` };
}

/** Pale bands of the pods that ended, through all lanes. */
export function bands(scale: TimeScale, story: ArmStory, top: number, bottom: number) {
  return markup`${disrupted(story.pods).map((span) => {
    const place = placed(scale, span);
    return place
      ? markup`<rect x="${place.x}" y="${top}" width="${place.width}" height="${bottom - top}" class="band"/>`
      : '';
  })}`;
}
