import type { RecordedEvent } from '../../model/event.ts';
import type { Files } from '../worlds/files.ts';
import { type ArmJson, replanned } from './arm-json.ts';
import { type Edit, lines, phaseStart } from './edit.ts';

/** A row of a request, by column name. Times are whole microseconds. */
export interface Row {
  seq: number;
  due: number;
  start: number;
  end: number;
  code: number;
  err: string;
  status: number;
  readonly reused: boolean;
  readonly sport: number;
  readonly dst: string;
  /** Absent in older recordings, in which attempts have no rows. */
  readonly attempt?: number;
  readonly connection?: number;
  readonly protocol?: string;
  readonly podBy?: string;
  readonly pod: string;
  readonly node: string;
  readonly version: string;
}

/** The columns in a header. */
export const fieldsOf = (header: string | undefined): readonly string[] =>
  (JSON.parse(header ?? '{"fields":[]}') as { fields: string[] }).fields;

export const readRow = (line: string, fields: readonly string[]): Row => {
  const values = JSON.parse(line) as unknown[];
  return Object.fromEntries(fields.map((field, index) => [field, values[index]])) as unknown as Row;
};

/** Leaves out values of columns that are not in the header. */
export const writeRow = (row: Row, fields: readonly string[]): string =>
  JSON.stringify(fields.map((field) => (row as unknown as { [field: string]: unknown })[field]));

/** The fields of a request without an answer. */
export const withoutPod = { podBy: 'none', pod: '', node: '', version: '' } as const;

/** A connection number that no connection of a recording has, for a connection from an unused port. */
export const numberOf = (sport: number): number => 60_000 + sport;

/** Changes the rows of a generator, and updates the counts of its footer. Times in rows are relative to the epoch. */
export const byHand = (
  path: RegExp,
  change: (rows: Row[], epoch: number, files: Files) => Row[],
  more: { readonly header?: object; readonly footer?: object } = {},
): Edit => {
  return (files) =>
    lines(path, ([first = '', ...others]) => {
      const header = JSON.parse(first) as { epoch: number };
      const footer = JSON.parse(others.at(-1) ?? '{}') as { httpReqsFailed?: number };
      const fields = fieldsOf(first);
      const read = others.slice(0, -1).map((line) => readRow(line, fields));
      const rows = change(read, header.epoch, files);
      const failed = rows.filter(({ code }) => code !== 0).length;
      const counts = {
        rows: rows.length,
        httpReqs: rows.length,
        ...(footer.httpReqsFailed !== undefined && { httpReqsFailed: failed }),
      };
      return [
        JSON.stringify({ ...header, ...more.header }),
        ...rows.map((row) => writeRow(row, fields)),
        JSON.stringify({ ...footer, ...counts, ...more.footer }),
      ];
    })(files);
};

/** The fields of a refused connection. */
export const refused = { code: 1212, err: 'dial: connection refused', status: 0 } as const;

/** Refuses requests on fresh connections in an interval, in ms after a phase began. */
export const refusedIn = (phase: string, fromMs: number, toMs: number, many = 40): Edit =>
  byHand(/^requests-fresh/, (rows, epoch, files) => {
    const began = phaseStart(files, phase) - epoch;
    let left = many;
    return rows.map((row) => {
      const within = row.start >= began + fromMs * 1000 && row.start < began + toMs * 1000;
      return within && row.code === 0 && left-- > 0 ? { ...row, ...refused, end: row.start + 700 } : row;
    });
  });

/** Moves the marks of phases. Times are in µs. */
export const marksAt =
  (moments: (files: Files) => { readonly [phase: string]: number }): Edit =>
  (files) => {
    const moved = moments(files);
    return sorted(
      lines(/^events/, (all) =>
        all.map((line) => {
          const event = JSON.parse(line) as { at: number; source: string; type: string };
          const at = event.source === 'phase' ? moved[event.type] : undefined;
          return at === undefined ? line : JSON.stringify({ ...event, at });
        }),
      )(files),
    );
  };

/** Changes events. */
export const eventsWith = (change: (event: RecordedEvent, files: Files) => object): Edit => {
  return (files) =>
    sorted(lines(/^events/, (all) => all.map((line) => JSON.stringify(change(JSON.parse(line), files))))(files));
};

export type EventData = { readonly [key: string]: unknown };

/** Changes fields of the data of all events of a source. */
export const eventDataWith = (source: string, change: (data: EventData) => object): Edit =>
  eventsWith((event) => {
    if (event.source !== source || event.data === null || typeof event.data !== 'object') return event;
    const data = event.data as EventData;
    return { ...event, data: { ...data, ...change(data) } };
  });

/** Sorts events by time, as a recorder writes them. */
const sorted = (files: Files): Files => {
  const at = (line: string) => Number(/"at":(\d+)/.exec(line)?.[1]);
  return lines(/^events/, (all) => all.toSorted((one, other) => at(one) - at(other)))(files);
};

/** Changes the arm's own plan. */
export const armPlanWith = (change: (plan: ArmJson) => ArmJson): Edit =>
  lines(/^arm\.json$/, (all) => [replanned(all.join('\n'), change)]);
