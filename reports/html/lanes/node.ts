import type { ArmStory, DisruptionSpan, NodeLane } from '../../../harness/model/finding.ts';
import { isolatedInSvg, joined, type Markup, markup, nothing, type Part } from '../markup/markup.ts';
import type { ShortNames } from '../markup/names.ts';
import { fitted, hairline, headingLane, type Lane, laneLabel } from './lane.ts';
import { placed, type TimeScale } from './scale.ts';

const steady = ({ spans, outages, takenBy }: NodeLane): boolean =>
  outages.length === 0 && takenBy.length === 0 && spans.every(({ state }) => state === 'ready');

/** A lane for each node that changed or was disrupted. The others share one line of text. */
export function nodeLanes(scale: TimeScale, story: ArmStory, short: ShortNames): Lane[] {
  const quiet = story.nodes.filter(steady).map(({ node }) => short.node(node));
  const changed = story.nodes
    .filter((lane) => !steady(lane))
    .map((lane) => nodeLane(scale, lane, story.disruptions, short));
  const steadyLane: Lane = {
    height: 24,
    label: changed.length > 0 ? nothing : laneLabel('Nodes', '', 13),
    plot: markup`<text x="4" y="12" class="note halo">${inWords(quiet)}: Ready throughout</text><path d="M0 18H${scale.x(scale.end)}" class="state-line"/>`,
  };
  return [...(changed.length > 0 ? [headingLane('Nodes')] : []), ...changed, ...(quiet.length > 0 ? [steadyLane] : [])];
}

/** When the API server did not answer. No change of the cluster was seen then. */
export function apiServerLanes(scale: TimeScale, { apiServer }: ArmStory): Lane[] {
  if (apiServer.every(({ state }) => state === 'ready')) return [];
  const spans = apiServer.map(({ state, ...span }) =>
    api(scale, { ...span, state: state === 'ready' ? 'ready' : 'not-ready' }, 'down'),
  );
  return [{ height: 24, label: laneLabel('API server', '', 15), plot: markup`${hairline(scale, 23.5)}${spans}` }];
}

const inWords = (names: readonly string[]): Part =>
  names.length > 6 ? `${names.length} nodes` : joined(names.toSorted().map(isolatedInSvg), ', ');

/** The upper line is the state in the API, the lower one the state in the engine. A pointer marks a disruption. */
function nodeLane(
  scale: TimeScale,
  { node, spans, outages, takenBy }: NodeLane,
  disruptions: readonly DisruptionSpan[],
  short: ShortNames,
): Lane {
  const taking = disruptions.filter(({ id, from }) => takenBy.includes(id) && from <= scale.to);
  return {
    height: 34,
    label: laneLabel(
      fitted(short.node(node), 18),
      takenBy.length > 0 ? markup`▾ ${isolatedInSvg(fitted(takenBy.join(', '), 17))}` : '',
      13,
    ),
    plot: markup`<path d="M0 33.5H${scale.width}" class="hair"/>${spans.map((span) => api(scale, span))}${outages.map(
      (span) => engine(scale, span),
    )}${taking.map(({ from }) => markup`<path d="M${scale.x(from) - 4.5} 0h9l-4.5 6z" class="mark taken"/>`)}`,
  };
}

const stateWords: Record<NodeLane['spans'][number]['state'], string> = {
  ready: '',
  'not-ready': 'not Ready',
  unknown: 'unknown',
  cordoned: 'cordoned',
};

function api(scale: TimeScale, span: NodeLane['spans'][number], words = stateWords[span.state]): Markup {
  const place = placed(scale, span);
  if (!place) return nothing;
  const { x, width } = place;
  if (span.state === 'ready') return markup`<path d="M${x} 12h${width}" class="state-line"/>`;
  return markup`<rect x="${x}" y="6" width="${width}" height="12" class="node-${span.state}"/>${inside(x, width, 15.5, words)}`;
}

/** A cross when the node went down, a heavy line while it was down, a disc when it ran again. */
function engine(scale: TimeScale, span: NodeLane['outages'][number]): Markup {
  const place = placed(scale, span);
  if (!place) return nothing;
  const { x, width } = place;
  const runsAgain = span.to !== undefined && span.to <= scale.end;
  return markup`<path d="M${x} 25h${width}" class="outage ${span.state.replaceAll(' ', '-')}"/>${inside(x, width, 29, span.state)}<path d="M${x - 3.5} 21.5l7 7M${x - 3.5} 28.5l7-7" class="mark gone"/>${
    runsAgain ? markup`<circle cx="${x + width}" cy="25" r="3.5" class="running"/>` : ''
  }`;
}

const inside = (x: number, width: number, y: number, words: string): Markup =>
  width > words.length * 6 + 22 ? markup`<text x="${x + 10}" y="${y}" class="note halo">${words}</text>` : nothing;
