import {
  aboutIn,
  cutInLine,
  type Damages,
  firstHalf,
  lines,
  named,
  noticedBy,
  oneAfterAnother,
  phaseStart,
  podsOf,
  shifted,
  withEvent,
  withoutFiles,
  withoutLines,
} from './edit.ts';
import { watchingStatefulSets } from './stateful-set.ts';

const events = /^events/;
const during = (phase: string) => (files: Parameters<typeof phaseStart>[0]) => phaseStart(files, phase) + 500_000;

const ready = { ready: 'True', unschedulable: false, taints: [], conditions: [], zone: '', rack: '' };

/** Swaps the names of two pods in all events. */
const swapped = lines(events, (all) => {
  const [one = '', other = ''] = podsOf({ events: [...all] });
  return all.map((line) => line.replaceAll(one, '?').replaceAll(other, one).replaceAll('?', other));
});

/** Damages of the events of an arm with a rollout. */
export const eventDamages: Damages = {
  ...noticedBy('fault-landed: update', {
    'no note of the fault': withoutLines(events, /"source":"fault"/),
    'no note that the fault was meant': withoutLines(events, /"source":"fault","type":"intent"/),
    'no note that the fault was injected': withoutLines(events, /"source":"fault","type":"injected"/),
    'no note that the fault landed': withoutLines(events, /"source":"fault","type":"landed"/),
    'a note that it did not land': lines(events, (all) =>
      all.map((line) => line.replace('"source":"fault","type":"landed"', '"source":"fault","type":"not-landed"')),
    ),
    'the fault of another name': lines(events, (all) =>
      all.map((line) => line.replace('"fault":"rollout"', '"fault":"rol"')),
    ),
    'no new generation': withoutLines(events, /"observedGeneration":[^1]/),
    'an old pod that is never gone': (files) =>
      withoutLines(events, new RegExp(`"source":"pod","type":"deleted".*${named(podsOf(files)[1])}`))(files),
  }),
  ...noticedBy('no-watch-gaps', {
    'no pod watch': withoutLines(events, /"source":"pod"/),
    'no endpoint watch': withoutLines(events, /"source":"endpointslice"/),
    'no deployment watch': withoutLines(events, /"source":"deployment"/),
    'no event of a Deployment or StatefulSet, which were both watched': oneAfterAnother(
      watchingStatefulSets,
      withoutLines(events, /"source":"deployment"/),
    ),
    'no node watch': withoutLines(events, /"source":"node"/),
    'no watch of Kubernetes’ own events': withoutLines(events, /"source":"k8s-event"/),
    'a node watch that begins with the fault': (files) =>
      lines(events, (all) =>
        all.filter((line) => {
          const { at, source } = JSON.parse(line) as { at: number; source: string };
          return source !== 'node' || at >= phaseStart(files, 'fault');
        }),
      )(
        withEvent(during('fault'), { source: 'node', type: 'modified', ...aboutIn(files, 'node'), data: ready })(files),
      ),
    'a pod watch that stops when the fault begins': (files) =>
      lines(events, (all) =>
        all.filter((line) => {
          const { at, source } = JSON.parse(line) as { at: number; source: string };
          return source !== 'pod' || at < phaseStart(files, 'fault');
        }),
      )(files),
    'an endpoint watch that stops when the fault begins': (files) =>
      lines(events, (all) =>
        all.filter((line) => {
          const { at, source } = JSON.parse(line) as { at: number; source: string };
          return source !== 'endpointslice' || at < phaseStart(files, 'fault');
        }),
      )(files),
    ...Object.fromEntries(
      ['pod', 'endpointslice', 'deployment'].map((subject) => [
        `a gap in the ${subject} watch`,
        withEvent(during('fault'), { source: 'watch', type: 'gap', subject, data: {} }),
      ]),
    ),
    'a pod that no watch saw': (files) => withoutLines(events, new RegExp(named(podsOf(files)[4])))(files),
    'an empty file of events': lines(events, () => []),
  }),
  ...noticedBy('watches-match-logs', {
    'two pods of each other’s names': swapped,
    'events on a clock 2 s ahead': shifted(events, 2_000_000),
    'events on a clock 2 s behind': shifted(events, -2_000_000),
  }),
  ...noticedBy('arm-complete', {
    ...Object.fromEntries(
      ['warmup', 'baseline', 'fault', 'tail', 'end', 'undone'].map((phase) => [
        `no mark of ${phase}`,
        withoutLines(events, new RegExp(`"source":"phase","type":"${phase}"`)),
      ]),
    ),
    'no phases': withoutLines(events, /"source":"phase"/),
    'the word that the arm broke': withEvent(during('tail'), {
      source: 'phase',
      type: 'error',
      subject: 'treatment',
      data: { message: 'no disk left' },
    }),
    'half of the events': firstHalf(events),
  }),
  ...noticedBy('recording-intact', {
    'events cut off within a line': cutInLine(events),
    'an event that is no JSON': lines(events, ([first = '', ...rest]) => [first.slice(0, -2), ...rest]),
    'no events': withoutFiles(events),
  }),
};

/** Damages of events that older recordings do not have. */
export const newerEventDamages: Damages = noticedBy('no-watch-gaps', {
  'no lease watch': withoutLines(events, /"source":"lease"/),
  'no watch of the API server': withoutLines(events, /"source":"api-server"/),
});
