import { endpointKinds, topologyDomains } from '../../harness/model/experiment.ts';
import type {
  AddedLatency,
  ArmStory,
  BudgetLane,
  DisruptionSpan,
  Eviction,
  Measures,
  NodeLane,
  Recovery,
} from '../../harness/model/finding.ts';
import { sharing } from '../../harness/model/in-words.ts';
import { microsToMs } from '../../harness/model/units.ts';
import { evictionAnswer } from '../words/eviction.ts';
import { addedInWords } from '../words/measure.ts';
import { counted, exactSeconds, signedSeconds, wholePercent } from '../words/number.ts';
import { isolated, joined, type Markup, markup, nothing, type Part } from './markup/markup.ts';
import { type ShortNames, shortNames } from './markup/names.ts';

type Entry = readonly [subject: Part, sentences: readonly Part[]];

/** The content of a timeline as text, for users who cannot see it or have no mouse, and the other measurements. */
export function account(story: ArmStory, measures: Measures | undefined): Markup {
  const short = shortNames(story);
  const entries: readonly Entry[] = [
    ...story.disruptions.map((span) => disruption(story, span)),
    ...silence(story),
    ...worst(story),
    ...(measures ? measured(story, short, measures) : []),
    ...apiServer(story),
    ...story.nodes.flatMap((lane) => node(story, lane, short)),
    ...evictions(story, short),
    ...story.budgets.flatMap((lane) => budget(story, lane)),
    ...story.unscheduled.map(
      ({ at, pod, reason }): Entry => [
        short.pod(pod),
        [markup`not scheduled, ${when(story, at)}: ${isolated(reason)}`],
      ],
    ),
  ];
  if (entries.length === 0) return nothing;
  return markup`<dl class="facts account">${entries.map(
    ([subject, sentences]) => markup`<dt>${subject}</dt>${sentences.map((each) => markup`<dd>${each}</dd>`)}`,
  )}</dl>`;
}

/** A state from before the start of the axis held from the start. */
const since = (story: ArmStory, at: number): string =>
  at <= story.phases.baseline.from ? 'from the start' : when(story, at);

const when = ({ zero }: ArmStory, at: number): string => `${signedSeconds(zero, at)} s`;

function disruption(story: ArmStory, { id, fault, faithfulTo, from, to, landed }: DisruptionSpan): Entry {
  const end = landed
    ? markup`took effect ${when(story, landed.at)} (${isolated(landed.saw)})`
    : 'not observed to take effect';
  const name = fault === id ? '' : markup`${isolated(fault)}: `;
  return [
    id,
    [
      markup`${name}started ${when(story, from)}, ${end}, ended ${when(story, to)}`,
      ...(faithfulTo ? [markup`stands for ${isolated(faithfulTo)}`] : []),
    ],
  ];
}

const silence = (story: ArmStory): Entry[] =>
  story.silence
    ? [
        [
          'no answer',
          [
            `${story.silence.conn ? `on ${story.silence.conn} connections, ` : ''}longest for ${exactSeconds(microsToMs(story.silence.to - story.silence.from))}, from ${when(story, story.silence.from)} to ${when(story, story.silence.to)}`,
          ],
        ],
      ]
    : [];

const worst = (story: ArmStory): Entry[] => {
  if (!story.worstWindow) return [];
  const { from, to, share } = story.worstWindow;
  return [
    ['worst', [`${wholePercent(share)} of the requests failed, from ${when(story, from)} to ${when(story, to)}`]],
  ];
};

function measured(story: ArmStory, short: ShortNames, { latency, fewest, together, recovery }: Measures): Entry[] {
  const least = endpointKinds.flatMap((kind) => {
    const found = fewest[kind];
    return found ? [`${found.count} ${kind}, first ${since(story, found.at)}`] : [];
  });
  const most = topologyDomains.flatMap((over) => {
    const found = together[over];
    if (!found) return [];
    const domain = over === 'node' ? short.node(found.domain) : found.domain;
    return [markup`${found.count} ${sharing[over]} (${isolated(domain)}), first ${when(story, found.at)}`];
  });
  const slower = latency.flatMap(slowerInWords);
  return [
    ...(least.length > 0 ? [['fewest endpoints', [least.join('; ')]] as const] : []),
    ...(most.length > 0 ? [['most replicas', [joined(most, '; ')]] as const] : []),
    ...(recovery ? [['recovery', [recoveryInWords(story, recovery)]] as const] : []),
    ...(slower.length > 0 ? [['latency', slower] as const] : []),
  ];
}

const lostWords = { requests: 'a request failed', endpoints: 'an endpoint was lost' };
const recoveredWords = {
  requests: 'requests were answered again',
  endpoints: 'as many endpoints were ready as before',
};

function recoveryInWords(story: ArmStory, { from, to, first, last }: Recovery): string {
  const begun = `${lostWords[first]} ${when(story, from)}`;
  return to === undefined
    ? `${begun}, and the arm ended before ${recoveredWords[last]}`
    : `${begun}, and ${exactSeconds(microsToMs(to - from))} later ${recoveredWords[last]}`;
}

function slowerInWords({ gen, baseline, fault, tail }: AddedLatency): Markup[] {
  const added = [
    [addedInWords(fault), 'in the fault phase'],
    [addedInWords(tail), 'in the tail'],
  ].flatMap(([words, where]) => (words === '' ? [] : [`${words} ${where}`]));
  const usual = Object.entries({ p50: baseline.p50Ms, p99: baseline.p99Ms })
    .filter(([, ms]) => ms !== undefined)
    .map(([name, ms]) => `${ms?.toFixed(1)} ms at ${name}`);
  return added.length > 0 ? [markup`${isolated(gen)}: ${added.join('; ')}; in the baseline ${usual.join(', ')}`] : [];
}

const apiServer = (story: ArmStory): Entry[] => {
  const changes = story.apiServer
    .filter(({ state, from }, index) => state === 'down' || (index > 0 && from > story.phases.baseline.from))
    .map(({ state, from }) => `${state === 'down' ? 'down' : 'ready again'} ${when(story, from)}`);
  return changes.length > 0 ? [['API server', [changes.join('; ')]]] : [];
};

const nodeWords: Record<NodeLane['spans'][number]['state'], string> = {
  ready: 'Ready',
  'not-ready': 'not Ready',
  unknown: 'unknown',
  cordoned: 'cordoned',
};

const running = 'running (container engine)';
const outageWords: Record<NodeLane['outages'][number]['state'], { readonly begins: string; readonly ends: string }> = {
  'powered off': { begins: 'powered off (container engine)', ends: running },
  frozen: { begins: 'frozen (container engine)', ends: running },
  'cut off': { begins: 'cut off, last contact', ends: 'contact again' },
  'not heard of': { begins: 'last contact', ends: 'contact again' },
};

/** The states of the node according to the API and the engine, in order of time. */
function node(story: ArmStory, { node: name, spans, outages, takenBy }: NodeLane, short: ShortNames): Entry[] {
  const changes = [
    ...spans.slice(1).map(({ from, state }) => ({ at: from, words: nodeWords[state] })),
    ...outages.flatMap(({ state, from, to }) => [
      { at: from, words: outageWords[state].begins },
      ...(to === undefined ? [] : [{ at: to, words: outageWords[state].ends }]),
    ]),
  ]
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, words }) => `${words} ${when(story, at)}`);
  const taken = takenBy.length > 0 ? [markup`disrupted by ${joined(takenBy.map(isolated), ', ')}`] : [];
  return changes.length + taken.length > 0 ? [[short.node(name), [joined([...taken, ...changes], '; ')]]] : [];
}

/** One line per pod. Equal answers in a row are counted together. */
function evictions(story: ArmStory, short: ShortNames): Entry[] {
  const pods = [...new Set(story.evictions.map(({ pod }) => pod))];
  const reasons = new Set(story.evictions.filter(({ code }) => code !== 201).map(reasonOf));
  const lines = pods.map((pod) => {
    const own = story.evictions.filter((each) => each.pod === pod);
    const on = own[0]?.node ? markup` on ${isolated(short.node(own[0].node))}` : '';
    return markup`${isolated(short.pod(pod))}${on}: ${runs(own)
      .map((run) => answers(story, run))
      .join('; ')}`;
  });
  return lines.length > 0 ? [['evictions', [...lines, ...[...reasons].filter((reason) => reason !== '')]]] : [];
}

/** Without the pod, which has a line of its own. */
const reasonOf = ({ message, pod }: Eviction): string => message.replace(`evict ${pod}: `, '');

function runs(list: readonly Eviction[]): Eviction[][] {
  const found: Eviction[][] = [];
  for (const each of list) {
    const last = found.at(-1);
    if (last?.[0] && evictionAnswer(last[0]) === evictionAnswer(each)) last.push(each);
    else found.push([each]);
  }
  return found;
}

function answers(story: ArmStory, run: readonly Eviction[]): string {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return '';
  const answer = evictionAnswer(first);
  if (run.length === 1) return `${answer} ${when(story, first.at)}`;
  return `${answer} ${run.length} times, ${when(story, first.at)} to ${when(story, last.at)}`;
}

/** Starts with the state that held when the axis begins. */
function budget(story: ArmStory, { budget: name, changes }: BudgetLane): Entry[] {
  const { from } = story.phases.baseline;
  const to = story.phases.tail.to;
  const start = changes.findLastIndex(({ at }) => at <= from);
  const shown = changes.slice(Math.max(0, start)).filter(({ at }) => at < to);
  const closest = shown.toSorted((one, other) => spare(one) - spare(other))[0];
  if (!closest) return [];
  const { currentHealthy, desiredHealthy, at } = closest;
  const first = start >= 0 ? since(story, at) : when(story, at);
  return [
    [
      markup`budget ${isolated(name)}`,
      [
        `closest ${first}: ${currentHealthy} healthy, ${desiredHealthy} desired, ${counted(closest.disruptionsAllowed, 'disruption')} allowed; ${counted(shown.length - 1, 'change')}`,
      ],
    ],
  ];
}

const spare = ({ currentHealthy, desiredHealthy }: BudgetLane['changes'][number]): number =>
  currentHealthy - desiredHealthy;
