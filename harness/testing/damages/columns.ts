import { byHand, fieldsOf, type Row, withoutPod } from './by-hand.ts';
import {
  type Damages,
  type Edit,
  type Edits,
  lines,
  noticedBy,
  noticedThough,
  oneAfterAnother,
  replaced,
} from './edit.ts';

const requests = /^requests-/;
const fresh = /^requests-fresh/;
const keptAlive = /^requests-kept/;

/** Changes the columns of all rows of a file, and their names in the header. */
const columns = (
  path: RegExp,
  change: <Value>(values: readonly Value[], fields: readonly string[]) => readonly Value[],
): Edit =>
  lines(path, ([first = '', ...rest]) => {
    const fields = fieldsOf(first);
    const header = { ...(JSON.parse(first) as object), fields: change(fields, fields) };
    const rows = rest.slice(0, -1).map((line) => JSON.stringify(change(JSON.parse(line) as unknown[], fields)));
    return [JSON.stringify(header), ...rows, rest.at(-1) ?? ''];
  });

const without = (path: RegExp, column: string): Edit =>
  columns(path, (values, fields) => values.filter((_, index) => fields[index] !== column));

const required = ['seq', 'start', 'end', 'code', 'err', 'status', 'reused', 'sport', 'dst', 'pod'];

/** Removes the rate from the header, as in recordings with a closed load model. */
const withoutRate: Edit = replaced(requests, /"ratePerSecond":[\d.]+,/g, '');

/** Changes one kept-alive request that was answered on an existing connection, in the second half of the arm. */
const reusedRow =
  (change: (row: Row) => Partial<Row>): Edit =>
  (files) =>
    byHand(keptAlive, (rows) => {
      const one = rows.findIndex(({ reused, code }, index) => index > rows.length * 0.6 && reused && code === 0);
      return rows.map((row, index) => (index === one ? { ...row, ...change(row) } : row));
    })(files);

/** Missing columns. */
export const columnDamages: Damages = {
  ...noticedBy(
    'load-delivered',
    Object.fromEntries(required.map((column) => [`no column ${column}`, without(fresh, column)])),
  ),
  ...noticedBy('recording-intact', { 'no column code in any file': without(requests, 'code') }),
  ...noticedBy('as-planned', {
    'no due times': without(requests, 'due'),
    'no due times of one generator, and no rate': oneAfterAnother(without(fresh, 'due'), withoutRate),
  }),
  ...noticedThough('as-planned', {
    'requests that were sent late, and no due times': {
      bare: byHand(requests, (rows) => rows.map((row) => ({ ...row, due: row.due - 80_000 }))),
      coverUp: oneAfterAnother(without(requests, 'due'), withoutRate),
    },
  }),
};

/** An attempt on a connection that failed, before the client used another connection. */
const givenUp = (row: Row): Row => ({
  ...row,
  ...{ end: row.start, code: 1220, err: 'read: connection reset by peer', status: 0, protocol: '' },
  ...withoutPod,
});

interface Again {
  /** The attempt numbers of the rows before the last row of a request. */
  readonly attempts: readonly number[];
  readonly last: number;
}

/**
 * Ten kept-alive requests are answered by a second attempt on the new connection of their row. The first attempt used
 * an older connection of another row, which is not used afterwards. Only requests that opened a connection are chosen.
 */
export const hiddenRetries =
  ({ attempts, last }: Again): Edit =>
  (files) =>
    byHand(keptAlive, (rows) => {
      const opened = new Map<number, Row>();
      for (const row of rows) if (!row.reused) opened.set(row.seq, row);
      const many = [...opened.values()].slice(0, 10);
      const again = new Map(many.slice(1).map((row, index) => [row.seq, many[index] as Row]));
      return rows.flatMap((row) => {
        const before = again.get(row.seq);
        if (!before) return [row];
        const { sport, connection = 0 } = before;
        const lost = { ...givenUp(row), reused: true, sport, connection };
        return [...attempts.map((number) => ({ ...lost, attempt: number })), { ...row, attempt: last }];
      });
    })(files);

const seqsOf = (rows: readonly Row[]): number => new Set(rows.map(({ seq }) => seq)).size;

/** Damages attempts. The counts of the footer agree with the rows, and k6's own counts agree with the requests. */
const counted = (edit: Edit): Edit =>
  oneAfterAnother(edit, (files) =>
    lines(keptAlive, (all) => {
      const fields = fieldsOf(all[0]);
      const seq = fields.indexOf('seq');
      const rows = all.slice(1, -1).map((line) => ({ seq: (JSON.parse(line) as number[])[seq] }) as Row);
      const footer = { ...(JSON.parse(all.at(-1) ?? '{}') as object), httpReqs: seqsOf(rows), httpReqsFailed: 0 };
      return [...all.slice(0, -1), JSON.stringify(footer)];
    })(files),
  );

export const attemptDamages: Damages = {
  ...noticedBy('load-delivered', {
    'attempts without a row': counted(hiddenRetries({ attempts: [], last: 2 })),
    'the first of three attempts without a row': counted(hiddenRetries({ attempts: [2], last: 3 })),
    'duplicate attempts': counted(hiddenRetries({ attempts: [1, 1], last: 2 })),
    'attempts that the generator counts as requests': hiddenRetries({ attempts: [1], last: 2 }),
  }),
  ...noticedBy('witnesses-agree', {
    'a connection that changes its port': reusedRow(({ sport }) => ({ sport: sport + 1 })),
    'a connection that changes its destination': reusedRow(() => ({ dst: '10.96.99.99:80' })),
    'a connection with the number of another connection': reusedRow(({ connection = 0 }) => ({
      connection: connection === 1 ? 2 : 1,
    })),
    'a reused connection that no row opened': reusedRow(() => ({ connection: 50_000 })),
    'a connection that is opened twice': reusedRow(() => ({ reused: false })),
    'an answer without a connection': reusedRow(() => ({ connection: 0 })),
    'a connection with an impossible number': reusedRow(() => ({ connection: 9_000_000_000 })),
  }),
};

/** Other columns that do not change the verdict. */
export const harmlessColumns: Edits = {
  'columns in another order': columns(requests, (values) => values.toReversed()),
  'unknown columns': columns(requests, (values, fields) => [
    values.at(0) as (typeof values)[number],
    (values === fields ? 'colour' : { deep: ['blue', 1] }) as (typeof values)[number],
    ...values.slice(1),
  ]),
};

/** Other columns of recordings with a row for each attempt. */
export const harmlessAttempts: Edits = {
  'no addresses of the generators': without(requests, 'source'),
  'no protocols': without(requests, 'protocol'),
  'no connection numbers': without(requests, 'connection'),
  'requests with a second attempt': counted(hiddenRetries({ attempts: [1], last: 2 })),
  'requests with a third attempt': counted(hiddenRetries({ attempts: [1, 2], last: 3 })),
};
