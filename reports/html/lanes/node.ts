import type { ArmStory, NodeLane } from '../../../harness/model/finding.ts';
import { type Lane, laneLabel } from '../lane.ts';
import { type Markup, markup } from '../markup.ts';
import type { ShortNames } from '../names.ts';
import { placed, type TimeScale } from '../scale.ts';

const steady = ({ spans }: NodeLane): boolean => spans.every(({ state }) => state === 'ready');

/** A lane for each node that changed; those that did not share one line of text. */
export function nodeLanes(scale: TimeScale, story: ArmStory, short: ShortNames): Lane[] {
  const quiet = story.nodes.filter(steady).map(({ node }) => short.node(node));
  const changed = story.nodes.filter((lane) => !steady(lane)).map((lane) => nodeLane(scale, lane, short));
  if (quiet.length === 0) return changed;
  const words = `${inWords(quiet)}: Ready throughout`;
  return [
    ...changed,
    {
      height: 24,
      label: laneLabel('Nodes', '', 13),
      plot: markup`<text x="4" y="12" class="note halo">${words}</text><path d="M0 18H${scale.x(scale.end)}" class="state-line"/>`,
    },
  ];
}

const inWords = (names: readonly string[]): string =>
  names.length > 6 ? `${names.length} nodes` : names.toSorted().join(', ');

function nodeLane(scale: TimeScale, { node, spans }: NodeLane, short: ShortNames): Lane {
  return {
    height: 22,
    label: laneLabel(short.node(node), '', 14),
    plot: markup`${spans.map((span) => {
      const place = placed(scale, span);
      return place ? drawn[span.state](place.x, place.width) : '';
    })}`,
  };
}

const drawn: Record<NodeLane['spans'][number]['state'], (x: number, width: number) => Markup> = {
  ready: (x, width) => markup`<path d="M${x} 11h${width}" class="state-line"/>`,
  cordoned: (x, width) => markup`<rect x="${x}" y="6" width="${width}" height="10" class="cordoned"/>`,
  unknown: (x, width) => markup`<path d="M${x} 11h${width}" class="unnoticed"/>`,
  'not-ready': (x, width) => markup`<rect x="${x}" y="6" width="${width}" height="10" class="not-ready"/>`,
};
