import { type About, type EndpointState, nameOf, type RecordedEvent, type SliceState } from '../../model/event.ts';
import type { Files } from '../worlds/files.ts';
import { eventsWith } from './by-hand.ts';
import {
  aboutIn,
  type Damages,
  type Edit,
  type Edits,
  eventLines,
  noticedBy,
  noticedThough,
  oneAfterAnother,
  phaseStart,
  podsOf,
  withEvent,
} from './edit.ts';
import { inArm } from './passing.ts';
import { inOrder } from './witness-edits.ts';

const isOfPod = ({ kind, name }: RecordedEvent, pod: string | undefined): boolean => kind === 'Pod' && name === pod;

const podLines = (files: Files, pod: string | undefined): RecordedEvent[] =>
  eventLines(files)
    .map((line) => JSON.parse(line) as RecordedEvent)
    .filter((event) => event.source === 'pod' && isOfPod(event, pod));

/** The last pod in the recording. It is new, and is never terminated. */
const lastPod = (files: Files): string => podsOf(files).at(-1) ?? '';

const otherUid = 'uid-of-somebody-else';

/** Changes the UID of the last pod in selected lines of the pod watch. */
const anotherUid =
  (isOne: (index: number, count: number) => boolean): Edit =>
  (files) => {
    const own = podLines(files, lastPod(files));
    let index = 0;
    return eventsWith((event) => {
      if (event.source !== 'pod' || !isOfPod(event, lastPod(files))) return event;
      return isOne(index++, own.length) ? { ...event, subject: otherUid } : event;
    })(files);
  };

const secondHalf: Edit = anotherUid((index, count) => index >= count / 2);

/** The time of the first line with the other UID. */
const since = (files: Files): number =>
  podLines(files, lastPod(files)).find(({ subject }) => subject === otherUid)?.at ?? 0;

const withEndpoints =
  (change: (endpoint: EndpointState, at: number, files: Files) => EndpointState): Edit =>
  (files) =>
    eventsWith((event) => {
      if (event.source !== 'endpointslice') return event;
      const slice = event.data as unknown as SliceState;
      return { ...event, data: { ...slice, endpoints: slice.endpoints.map((each) => change(each, event.at, files)) } };
    })(files);

/** Another pod replaces the last pod in the fault phase, according to the pod watch. */
const madeAnew: Edit = (files) => {
  const { at: _, ...last } = podLines(files, lastPod(files)).at(-1) ?? { at: 0 };
  return withEvent((own) => phaseStart(own, 'tail') - 100_000, { ...last, type: 'added', subject: otherUid })(files);
};

/** The slices have the other UID, too. */
const endpointsToo: Edit = (files) =>
  withEndpoints((endpoint, at) =>
    endpoint.pod === lastPod(files) && at >= since(files) ? { ...endpoint, uid: otherUid } : endpoint,
  )(files);

/** The pod with the first UID was deleted just before. */
const deletedBefore: Edit = (files) => {
  const { at: _, ...last } = podLines(files, lastPod(files)).findLast(({ subject }) => subject !== otherUid) ?? {
    at: 0,
  };
  return withEvent((own) => since(own) - 1, { ...last, type: 'deleted' })(files);
};

const headerInstead = (...header: readonly string[]): Edit => {
  const isEvents = (path: string) => path.endsWith('events.ndjson');
  return (files) =>
    Object.fromEntries(
      Object.entries(files).map(([path, all]) => [path, isEvents(path) ? [...header, ...all.slice(1)] : all]),
    );
};

const withKind = (source: string, kind: string): Edit =>
  eventsWith((event) => (event.source === source ? { ...event, kind } : event));

/** A UID belongs to one object only. For an arm that replaces its pods. */
export const uidDamages: Damages = {
  ...noticedBy('witnesses-agree', {
    'another UID of a pod in half of its lines': secondHalf,
    'another UID of a pod in every other line': anotherUid((index) => index % 2 === 1),
    'new pods with the UIDs of old ones': (files) => {
      const pods = podsOf(files);
      return eventsWith((event) =>
        event.source === 'pod' ? { ...event, subject: `uid-${pods.indexOf(event.name ?? '') % 3}` } : event,
      )(files);
    },
    'endpoints of a pod with the UID of another': (files) => {
      const [one, other] = podsOf(files);
      const { subject: uid } = aboutIn(files, 'pod', other);
      return withEndpoints((endpoint) => (endpoint.pod === one ? { ...endpoint, uid } : endpoint))(files);
    },
    'endpoints of two pods with each other’s UIDs': (files) => {
      const [one, other] = podsOf(files).map((pod) => aboutIn(files, 'pod', pod));
      return withEndpoints((endpoint) => {
        if (endpoint.uid === one?.subject) return { ...endpoint, uid: other?.subject ?? '' };
        return endpoint.uid === other?.subject ? { ...endpoint, uid: one?.subject ?? '' } : endpoint;
      })(files);
    },
    'endpoints of a pod with an unknown UID': (files) =>
      withEndpoints((endpoint) => (endpoint.pod === lastPod(files) ? { ...endpoint, uid: otherUid } : endpoint))(files),
    'events of Kubernetes about pods that are said to be nodes': withKind('k8s-event', 'Node'),
  }),
  ...noticedThough('witnesses-agree', {
    'another UID of a pod in half of its lines, and of its endpoints': { bare: secondHalf, coverUp: endpointsToo },
  }),
  ...noticedThough('watches-match-logs', {
    'a pod of the same name that never booted, and a deletion of the first': {
      bare: madeAnew,
      coverUp: oneAfterAnother(endpointsToo, deletedBefore),
    },
  }),
  ...noticedBy('recording-intact', {
    'events without their header': headerInstead(),
    'events of an unknown schema': headerInstead('{"schema":"holdfast.events/9"}'),
    'events that say they are requests': headerInstead('{"schema":"holdfast.requests/1"}'),
    'a second header among the events': headerInstead(
      '{"schema":"holdfast.events/2"}',
      '{"schema":"holdfast.events/2"}',
    ),
    'pods that are said to be nodes': withKind('pod', 'Node'),
    'nodes that are said to be pods': withKind('node', 'Pod'),
    'pods without a kind': eventsWith((event) => (event.source === 'pod' ? { ...event, kind: undefined } : event)),
    'pods without a name': eventsWith((event) => (event.source === 'pod' ? { ...event, name: undefined } : event)),
  }),
};

const failedProbe = {
  reason: 'Killing',
  message: 'Container server failed liveness probe, will be restarted',
  type: 'Normal',
};

/** Adds an event of Kubernetes in the fault phase, about an object with the name of the last pod. */
const saidOf =
  (about: (pod: About) => object): Edit =>
  (files) =>
    withEvent((own) => phaseStart(own, 'fault') + 2_000_000, {
      source: 'k8s-event',
      type: 'added',
      ...about(aboutIn(files, 'pod', lastPod(files))),
      data: failedProbe,
    })(files);

/** The last pod gets the name of the first pod, which is deleted by then, as for the pods of a StatefulSet. */
const cameBack: Edit = (files) => {
  const gone = eventLines(files).find((line) => line.includes('"source":"pod","type":"deleted"')) ?? '{}';
  const [from, to] = [lastPod(files), nameOf(JSON.parse(gone) as RecordedEvent)];
  const [own, other] = [`workload/${from}.ndjson`, `workload/${to}.ndjson`];
  const renamed = Object.fromEntries(
    Object.entries(files).map(([path, all]) => [path, all.map((line) => line.replaceAll(`"${from}"`, `"${to}"`))]),
  );
  const { [own]: log = [], ...kept } = renamed;
  return { ...kept, [other]: inOrder([...(renamed[other] ?? []), ...log]) };
};

/** For an arm whose first pod is deleted before its last pod is created. */
export const sameName: Edits = { 'a pod that came back under the name of another': cameBack };

/** Changes that do not affect the result of an arm. */
export const otherUids: Edits = {
  'an event about another object of a pod’s name': inArm(
    'treatment',
    saidOf(({ name }) => ({ subject: 'uid-of-a-set', kind: 'StatefulSet', name })),
  ),
  'an event about an earlier pod of a pod’s name': inArm(
    'treatment',
    saidOf((pod) => ({ ...pod, subject: 'uid-of-an-earlier-pod' })),
  ),
  'a Deployment that was deleted and created again with its name, before anything was judged': inArm(
    'treatment',
    (files) => {
      const line = eventLines(files).find((each) => each.includes('"source":"deployment"')) ?? '{}';
      const { at: _, ...event } = JSON.parse(line) as RecordedEvent;
      const before = { ...event, subject: 'uid-of-an-earlier-deployment' };
      return oneAfterAnother(
        withEvent((own) => phaseStart(own, 'deploy') + 1000, { ...before, type: 'added' }),
        withEvent((own) => phaseStart(own, 'deploy') + 2000, { ...before, type: 'deleted' }),
      )(files);
    },
  ),
  'a slice that was deleted and created again with its name': inArm('treatment', (files) => {
    const until = phaseStart(files, 'fault') - 500_000;
    const slices = eventLines(files).filter((line) => line.includes('"source":"endpointslice"'));
    const last = slices.map((line) => JSON.parse(line) as RecordedEvent).findLast(({ at }) => at < until);
    const { at: _, ...event } = last ?? { at: 0 };
    return oneAfterAnother(
      eventsWith((each) =>
        each.source === 'endpointslice' && each.at > until ? { ...each, subject: 'uid-of-a-new-slice' } : each,
      ),
      withEvent(() => until + 1, { ...event, subject: 'uid-of-a-new-slice', type: 'added' }),
      withEvent(() => until + 2, { ...event, type: 'deleted' }),
    )(files);
  }),
  'unknown fields in the header, the data and the endpoints of events': inArm(
    'treatment',
    oneAfterAnother(
      eventsWith(({ data, ...event }) => {
        const { endpoints, ...rest } = data as { readonly endpoints?: readonly object[] };
        const more = endpoints && { endpoints: endpoints.map((each) => ({ ...each, hue: 1 })) };
        return { ...event, data: { colour: { deep: ['blue', 1] }, ...rest, ...more } };
      }),
      headerInstead('{"colour":"blue","schema":"holdfast.events/2"}'),
    ),
  ),
};
