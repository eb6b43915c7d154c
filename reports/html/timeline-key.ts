import type { ArmFindings, ArmStory } from '../../harness/model/finding.ts';
import { occurred } from '../words/cause.ts';
import { evictionAnswer } from '../words/eviction.ts';
import { causeKey } from './markup/cause-mark.ts';
import { Markup, markup } from './markup/markup.ts';

const sample = (drawing: string): Markup =>
  new Markup(`<svg class="icon" width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">${drawing}</svg>`);

type Entry = readonly [drawing: string, words: string, shown?: (story: ArmStory) => boolean];

const nodeState =
  (state: string) =>
  ({ nodes }: ArmStory): boolean =>
    nodes.some(({ spans, outages }) => [...spans, ...outages].some((span) => span.state === state));
const podState =
  (state: string) =>
  ({ pods }: ArmStory): boolean =>
    pods.some(({ bar }) => bar.some((span) => span.state === state));
const answered =
  (answer: string) =>
  ({ evictions }: ArmStory): boolean =>
    evictions.some((each) => evictionAnswer(each) === answer);
const anyReturn = ({ nodes }: ArmStory): boolean =>
  nodes.some(({ outages }) => outages.some(({ to }) => to !== undefined));
const anyEnding = podState('terminating');
const disrupted = ({ disruptions }: ArmStory): boolean => disruptions.length > 0;

const clusterEntries: readonly Entry[] = [
  ['<rect x="1" y="1.5" width="24" height="9" class="disruption"/>', 'disruption, from intent to undone', disrupted],
  [
    '<path d="M8 2h10l-5 9z" class="landing"/>',
    'took effect',
    ({ disruptions }) => disruptions.some(({ landed }) => landed),
  ],
  [
    '<path d="M8.5 3h9l-4.5 6z" class="taken"/>',
    'node disrupted by it',
    ({ nodes }) => nodes.some(({ takenBy }) => takenBy.length > 0),
  ],
  ['<rect x="1" y="1.5" width="24" height="9" class="node-cordoned"/>', 'cordoned', nodeState('cordoned')],
  ['<rect x="1" y="1.5" width="24" height="9" class="node-not-ready"/>', 'node not Ready', nodeState('not-ready')],
  ['<rect x="1" y="1.5" width="24" height="9" class="node-unknown"/>', 'node unknown', nodeState('unknown')],
  [
    '<path d="M5 6h20" class="outage"/><path d="M1.5 2.5l7 7M1.5 9.5l7-7" class="gone"/>',
    'powered off (container engine)',
    nodeState('powered off'),
  ],
  [
    '<path d="M5 6h20" class="outage frozen"/><path d="M1.5 2.5l7 7M1.5 9.5l7-7" class="gone"/>',
    'frozen',
    nodeState('frozen'),
  ],
  [
    '<path d="M5 6h20" class="outage cut-off"/><path d="M1.5 2.5l7 7M1.5 9.5l7-7" class="gone"/>',
    'cut off',
    nodeState('cut off'),
  ],
  [
    '<path d="M5 6h20" class="outage not-heard-of"/><path d="M1.5 2.5l7 7M1.5 9.5l7-7" class="gone"/>',
    'no contact',
    nodeState('not heard of'),
  ],
  ['<circle cx="13" cy="6" r="3.5" class="running"/>', 'node runs, or is heard of, again', anyReturn],
  ['<circle cx="13" cy="6" r="3.5" class="granted"/>', 'eviction allowed', answered('allowed')],
  [
    '<g class="refused"><circle cx="13" cy="6" r="3.5"/><path d="M9.5 9.5l7-7"/></g>',
    'eviction refused',
    answered('refused'),
  ],
  ['<path d="M1 6h24" class="desired"/>', 'required number', ({ budgets }) => budgets.length > 0],
];

const podEntries: readonly Entry[] = [
  ['<path d="M1 6h24M1 3v6" class="pending"/>', 'Pending', podState('pending')],
  [
    '<rect x="1" y="2" width="24" height="8" class="bar-starting"/>',
    'running, not Ready',
    (story) => podState('starting')(story) || podState('unready')(story),
  ],
  ['<rect x="1" y="2" width="24" height="8" class="bar-ready"/>', 'Ready'],
  ['<rect x="1" y="2" width="24" height="8" class="bar-terminating"/>', 'terminating, in preStop', anyEnding],
  ['<path d="M9 1l7 5l-7 5z" class="pennant"/>', 'SIGTERM', anyEnding],
  [
    '<rect x="1" y="2" width="20" height="8" class="bar-stopping"/><path d="M21 0v12" class="post"/>',
    'terminating, then removed',
    anyEnding,
  ],
  ['<rect x="1" y="5" width="24" height="2" class="listens"/>', 'process listens'],
  ['<rect x="1" y="5" width="24" height="2.5" class="slice-ready"/>', 'EndpointSlice: ready'],
  ['<path d="M1 6h24" class="slice-terminating"/>', 'EndpointSlice: terminating', anyEnding],
  ['<rect x="1" y="0" width="24" height="12" class="band"/>', 'a pod ends, from delete to gone', anyEnding],
];

const failedEntry: Entry = [
  '<path d="M9 1v10M13 1v10M18 1v10" class="tick cause-b"/>',
  'failed request, on the pod it is attributed to',
];

/** The key of the symbols that occur in the lanes of an arm. */
export function laneKey({ requests }: ArmFindings, story: ArmStory): Markup {
  const entries = [...clusterEntries, ...podEntries, ...(requests.failed > 0 ? [failedEntry] : [])];
  const shown = entries.filter(([, , occurs]) => occurs?.(story) ?? true);
  return markup`<div class="key">${shown.map(([drawing, words]) => markup`<span>${sample(drawing)}${words}</span>`)}${causeKey(occurred(requests.byCause))}</div>`;
}
