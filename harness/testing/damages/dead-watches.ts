import {
  type Damages,
  type Edit,
  lines,
  noticedBy,
  noticedThough,
  oneAfterAnother,
  phaseStart,
  withEvent,
  withoutLines,
} from './edit.ts';

const events = /^events/;

const fromTheFaultOn =
  (source: string, keepAlive = false): Edit =>
  (files) =>
    lines(events, (all) =>
      all.filter((line) => {
        const event = JSON.parse(line) as { at: number; source: string; type: string; subject: string };
        const own = event.source === source || (!keepAlive && event.type === 'alive' && event.subject === source);
        return !own || event.at < phaseStart(files, 'fault');
      }),
    )(files);

/** Each watch must be alive until the end of the tail. For any arm. */
export const deadNodeWatch: Damages = noticedBy('witnesses-agree', {
  'a node watch without events from the fault on': fromTheFaultOn('node'),
});

/** The same for recordings with signs of life. */
export const deadWatches: Damages = {
  ...noticedBy('witnesses-agree', {
    ...Object.fromEntries(
      ['pod', 'endpointslice', 'deployment', 'k8s-event', 'budget', 'lease'].map((source) => [
        `a ${source} watch that is dead from the fault on`,
        fromTheFaultOn(source),
      ]),
    ),
    'a pod watch without signs of life in the tail': (files) =>
      lines(events, (all) =>
        all.filter((line) => {
          const { at, type, subject } = JSON.parse(line) as { at: number; type: string; subject: string };
          return type !== 'alive' || subject !== 'pod' || at < phaseStart(files, 'tail');
        }),
      )(files),
    'a pod watch without any sign of life': withoutLines(events, /"type":"alive","subject":"pod"/),
  }),
  ...noticedThough('witnesses-agree', {
    'a node watch without events from the fault on, but with signs of life': {
      bare: fromTheFaultOn('node'),
      coverUp: (files) =>
        oneAfterAnother(
          ...Array.from({ length: 10 }, (_, index) =>
            withEvent((own) => phaseStart(own, 'fault') + index * 3_000_000, {
              source: 'watch',
              type: 'alive',
              subject: 'node',
              data: {},
            }),
          ),
        )(files),
    },
  }),
};
