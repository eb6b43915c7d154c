import type { ArmFindings, ArmStory, PodLane } from '../../harness/model/finding.ts';
import type { Micros } from '../../harness/model/units.ts';
import { causeName } from '../words/cause.ts';
import { evictionAnswer } from '../words/eviction.ts';
import { shortNames } from './markup/names.ts';

/** The name is separate from the words, so that the page can isolate it. */
type Event = readonly [at: Micros, name: string, words: string];

/** Events for the read-out of a timeline, in order; times are microseconds from zero. */
export interface Happenings {
  readonly events: readonly Event[];
  readonly failures: readonly (readonly [at: Micros, cause: string])[];
}

export function happenings(arm: ArmFindings, story: ArmStory): Happenings {
  const short = shortNames(story);
  const { zero } = story;
  const ofPods = story.pods.flatMap((lane) =>
    podEvents(lane).map(([at, words]) => [at, short.pod(lane.pod), words] as const),
  );
  const ofNodes = story.nodes.flatMap(({ node, spans }) =>
    spans.slice(1).map(({ from, state }) => [from, short.node(node), state] as const),
  );
  const ofEngine = story.nodes.flatMap(({ node, outages }) =>
    outages.flatMap(({ state, from, to }) => [
      [from, short.node(node), state] as const,
      ...(to === undefined
        ? []
        : [
            [to, short.node(node), `${/^(cut off|not heard of)$/.test(state) ? 'is heard of' : 'runs'} again`] as const,
          ]),
    ]),
  );
  const ofFaults = story.disruptions.flatMap(({ id, from, to, landed }) => [
    [from, id, 'begins'] as const,
    ...(landed ? [[landed.at, id, 'landed'] as const] : []),
    [to, id, 'is over'] as const,
  ]);
  const ofEvictions = story.evictions.map(
    (each) => [each.at, short.pod(each.pod), `eviction ${evictionAnswer(each)}`] as const,
  );
  const ofScheduler = story.unscheduled.map(({ at, pod }) => [at, short.pod(pod), 'finds no node'] as const);
  return {
    events: [...ofPods, ...ofNodes, ...ofEngine, ...ofFaults, ...ofEvictions, ...ofScheduler]
      .filter(([at]) => at > story.phases.baseline.from)
      .map(([at, name, words]) => [at - zero, name, words] as const)
      .toSorted(([one], [other]) => one - other),
    failures: arm.failures.map(({ request, cause }) => [request.start - zero, causeName(cause)] as const),
  };
}

const states: Record<PodLane['bar'][number]['state'], string> = {
  pending: 'created',
  starting: 'started',
  ready: 'Ready',
  unready: 'not Ready',
  terminating: 'deleted',
};

function podEvents(lane: PodLane): (readonly [Micros, string])[] {
  const eventAt = (at: Micros | undefined, words: string): (readonly [Micros, string])[] =>
    at === undefined ? [] : [[at, words]];
  const gone = lane.bar.at(-1);
  return [
    ...lane.bar.map(({ from, state }) => [from, states[state]] as const),
    ...eventAt(gone?.state === 'terminating' ? gone.to : undefined, 'gone'),
    ...lane.listening.flatMap(({ from, to }) => [...eventAt(from, 'listens'), ...eventAt(to, 'closed its listener')]),
    ...lane.endpoint.map(({ from, state }) => [from, `slice: ${state}`] as const),
    ...eventAt(lane.sigterm, 'SIGTERM'),
    ...eventAt(lane.exit, 'exited'),
    ...eventAt(lane.firstRouted, 'first routed to'),
    ...eventAt(lane.lastRouted, 'last routed to'),
  ];
}
