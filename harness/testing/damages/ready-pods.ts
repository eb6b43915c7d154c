import type { Files } from '../worlds/files.ts';
import { eventsWith } from './by-hand.ts';
import {
  type Damages,
  type Edit,
  lines,
  noticedBy,
  noticedThough,
  oneAfterAnother,
  phaseStart,
  podsOf,
  withEvent,
} from './edit.ts';

const events = /^events/;

const podEvent = (files: Files, pod: string, change: object): object => {
  const line = files['events.ndjson']?.find(
    (each) =>
      each.includes(`"source":"pod"`) && each.includes(`"name":"${pod}","data"`) && each.includes('"ready":true'),
  );
  const { at: _, ...event } = JSON.parse(line ?? '{}') as { at: number; data: object };
  return { ...event, type: 'modified', data: { ...event.data, ...change } };
};

export const sliceBefore = (
  files: Files,
  moment: number,
): { readonly data: { readonly endpoints: readonly object[] } } => {
  const line = files['events.ndjson']?.findLast(
    (each) => each.includes('"endpointslice"') && (JSON.parse(each) as { at: number }).at < moment,
  );
  const { at: _, ...event } = JSON.parse(line ?? '{}') as { at: number; data: { endpoints: object[] } };
  return event;
};

const quiet = (files: Files) => phaseStart(files, 'baseline') + 100_000;

/** Two pods are not ready for most of the baseline, according to the pod watch. */
const podsNotReady: Edit = (files) => {
  const pods = podsOf(files).slice(0, 2);
  const until = (own: Files) => phaseStart(own, 'fault') - 50_000;
  return oneAfterAnother(
    ...pods.flatMap((pod) => [
      withEvent((own) => quiet(own) - 1_000_000, podEvent(files, pod, { ready: false })),
      withEvent((own) => until(own) + 3_000_000, podEvent(files, pod, {})),
    ]),
  )(files);
};

/** The same according to the slices. */
const slicesNotReady: Edit = (files) => {
  const standing = sliceBefore(files, quiet(files) - 900_000);
  const endpoints = standing.data.endpoints.map((each, index) => (index < 2 ? { ...each, ready: false } : each));
  return oneAfterAnother(
    withEvent((own) => quiet(own) - 900_000, { ...standing, data: { ...standing.data, endpoints } }),
    withEvent((own) => phaseStart(own, 'fault') + 2_900_000, standing),
  )(files);
};

/** Pods, slices and budget must agree on the number of ready pods. For an arm that demands two. */
export const readyDamages: Damages = {
  ...noticedBy('witnesses-agree', {
    'two pods that were not ready, but only in the pod watch': podsNotReady,
    'a pod watch that missed that two pods were not ready': slicesNotReady,
    'a budget whose status counts fewer healthy pods': (files) =>
      eventsWith((event) =>
        event.source === 'budget' ? { ...event, data: { ...(event.data as object), currentHealthy: 1 } } : event,
      )(files),
  }),
  ...noticedThough('witnesses-agree', {
    'a slice watch that missed that two pods were not ready': {
      bare: oneAfterAnother(podsNotReady, slicesNotReady),
      coverUp: lines(events, (all) =>
        all.filter((line, index) => {
          if (!line.includes('"endpointslice"')) return true;
          const before = all.slice(0, index).findLast((each) => each.includes('"endpointslice"'));
          const ready = (text = '') => text.split('"ready":true').length;
          return before === undefined || ready(line) >= 3 || ready(before) < 3;
        }),
      ),
    },
  }),
};
