import { byHand, type Row, refused, refusedIn, withoutPod } from './by-hand.ts';
import { type Damages, type Edit, noticedBy, noticedThough, phaseStart, replaced } from './edit.ts';

const fresh = /^requests-fresh/;
const keptAlive = /^requests-kept/;

/** Changes a row in the fault phase. */
const oneRow = (change: (row: Row) => Partial<Row>, header: object = {}): Edit =>
  byHand(
    fresh,
    (rows) => rows.map((row, index) => (index === Math.floor(rows.length * 0.6) ? { ...row, ...change(row) } : row)),
    { header },
  );

/** Failures get the code of an answer, and keep all other fields. */
const calledAnswers = byHand(fresh, (rows) => rows.map((row) => ({ ...row, code: 0 })));

/** Rows that contradict themselves, or the plan. */
export const rowDamages: Damages = {
  ...noticedBy('as-planned', {
    'an answer with an error in words': oneRow(() => ({ err: 'connection refused' })),
    'an answer with a status that is an error': oneRow(() => ({ status: 503 })),
    'a failure that reads as an answer': oneRow(() => ({ code: 1050 })),
    'an answer that took 10 s': oneRow(({ start }) => ({ end: start + 10_000_000 })),
    'clients that waited 30 s': replaced(fresh, /"timeoutMs":2000/g, '"timeoutMs":30000'),
    'a row that ended after its generator': (files) => {
      const end = phaseStart(files, 'tail') + 500_000;
      return byHand(fresh, (rows) => rows, { footer: { end } })(files);
    },
  }),
  ...noticedThough('as-planned', {
    'an error of the application that is called an answer': {
      bare: oneRow(() => ({ code: 1500, err: '', status: 500 })),
      coverUp: calledAnswers,
    },
    'refused requests that are called answers': {
      bare: byHand(fresh, (rows, epoch, files) => {
        const from = phaseStart(files, 'fault') - epoch;
        return rows.map((row) =>
          row.start > from && row.start < from + 400_000 ? { ...row, ...refused, ...withoutPod } : row,
        );
      }),
      coverUp: calledAnswers,
    },
    'a time-out that is called an answer': {
      bare: oneRow((row) => ({
        ...withoutPod,
        code: 1050,
        err: 'request timeout',
        status: 0,
        end: row.start + 2_000_000,
      })),
      coverUp: calledAnswers,
    },
    'an answer after 10 s, which clients are said to have waited for': {
      bare: oneRow((row) => ({ code: 1050, err: 'request timeout', status: 0, end: row.start + 10_000_000 })),
      coverUp: byHand(
        fresh,
        (rows) => rows.map((row) => (row.code === 0 ? row : { ...row, code: 0, err: '', status: 200 })),
        { header: { timeoutMs: 30_000 } },
      ),
    },
  }),
};

/** In these intervals, in ms after the fault phase began, nothing is sent. All their requests are sent at the end. */
const stalled = (path: RegExp, ...spans: readonly (readonly [number, number])[]): Edit =>
  byHand(path, (rows, epoch, files) => {
    const began = phaseStart(files, 'fault') - epoch;
    return rows.map((row) => {
      const span = spans.find(([from, to]) => row.start >= began + from * 1000 && row.start < began + to * 1000);
      if (!span) return row;
      const start = began + span[1] * 1000;
      return { ...row, start, end: start + (row.end - row.start) };
    });
  });

const stalls = stalled(
  keptAlive,
  ...Array.from({ length: 20 }, (_, index) => [index * 230, index * 230 + 210] as const),
);

/** Sets due times as a closed load model does: the request is due when it can be sent. */
const dueWhenSent = byHand(keptAlive, (rows) => rows.map((row) => ({ ...row, due: row.start - 100 })));

const numberedAnew = (path: RegExp): Edit =>
  byHand(path, (rows) =>
    rows
      .toSorted((one, other) => one.due - other.due)
      .map((row, seq) => ({ ...row, seq }))
      .sort((one, other) => one.end - other.end),
  );

/** Due times that contradict the numbers or the rate. */
export const scheduleDamages: Damages = {
  ...noticedBy('as-planned', {
    'due times that are all the same': byHand(fresh, (rows) => rows.map((row) => ({ ...row, due: rows[0]?.due ?? 0 }))),
    'one request due 5 ms sooner': oneRow(({ due }) => ({ due: due - 5000 })),
    'requests that were sent before they were due': byHand(fresh, (rows) =>
      rows.map((row) => ({ ...row, start: row.start - 60_000, end: row.end - 60_000 })),
    ),
  }),
  ...noticedThough('as-planned', {
    'stalls, after which due is when it was sent': { bare: stalls, coverUp: dueWhenSent },
    'every tenth request sent late, and due when it was sent': {
      bare: byHand(keptAlive, (rows) =>
        rows.map((row) => (row.seq % 10 === 0 ? { ...row, start: row.start + 80_000, end: row.end + 80_000 } : row)),
      ),
      coverUp: dueWhenSent,
    },
    'three rows left out, and the others numbered anew': {
      bare: byHand(keptAlive, (rows) => rows.filter((_, index) => index < 100 || index > 102)),
      coverUp: numberedAnew(keptAlive),
    },
    'failures left out, and the others numbered anew': {
      bare: refusedIn('fault', 0, 1000, 4),
      coverUp: (files) => numberedAnew(fresh)(byHand(fresh, (rows) => rows.filter(({ code }) => code === 0))(files)),
    },
    'a pause whose moments are moved apart': {
      bare: stalled(fresh, [500, 900]),
      coverUp: byHand(fresh, (rows, epoch, files) => {
        const began = phaseStart(files, 'fault') - epoch + 500_000;
        // Each request gets its own due time within the pause, and is sent at that time.
        let moment = began;
        return rows.map((row) => {
          if (row.start !== began + 400_000) return row;
          moment += 7000;
          return { ...row, due: moment, start: moment, end: moment + (row.end - row.start) };
        });
      }),
    },
  }),
};
