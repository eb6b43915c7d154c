import type { CheckKey } from '../../model/checks.ts';
import { type About, nameOf, type RecordedEvent } from '../../model/event.ts';
import type { Files } from '../worlds/files.ts';

/** A change to the files of an arm, or of a run. */
export type Edit = (files: Files) => Files;

/** Edits by name. The name completes the title of a test. */
export interface Edits {
  readonly [what: string]: Edit;
}

/** A check, or the reason why a run is not judged at all. */
type Noticer = CheckKey | 'usage' | 'nothing was asked';

/** An edit after which the recording must not pass, and the check that must notice it. */
export interface Damage {
  readonly edit: Edit;
  readonly noticedBy: Noticer;
  /** The damage before it was covered up. It must not pass either, otherwise the cover-up proves nothing. */
  readonly bare?: Edit;
}

export interface Damages {
  readonly [what: string]: Damage;
}

export const noticedBy = (check: Noticer, edits: Edits): Damages =>
  Object.fromEntries(Object.entries(edits).map(([what, edit]) => [what, { edit, noticedBy: check }]));

/** A damage, and an edit that makes the rest of the recording agree with it. */
export interface CoverUps {
  readonly [what: string]: { readonly bare: Edit; readonly coverUp: Edit };
}

export const noticedThough = (check: CheckKey, coverUps: CoverUps): Damages =>
  Object.fromEntries(
    Object.entries(coverUps).map(([what, { bare, coverUp }]) => [
      what,
      { edit: oneAfterAnother(bare, coverUp), noticedBy: check, bare },
    ]),
  );

/** The header defines the format of the events. */
const isEventsHeader = (line: string): boolean => line.startsWith('{"schema":"holdfast.events/');

/** Changes the lines of every matching file, except the header of events. */
export const lines =
  (path: RegExp, change: (lines: readonly string[], path: string) => readonly string[]): Edit =>
  (files) =>
    Object.fromEntries(
      Object.entries(files).map(([name, own]) => {
        if (!path.test(name)) return [name, own];
        const [first = '', ...rest] = own;
        return [name, isEventsHeader(first) ? [first, ...change(rest, name)] : [...change(own, name)]];
      }),
    );

export const withoutLines = (path: RegExp, pattern: RegExp): Edit =>
  lines(path, (all) => all.filter((line) => !pattern.test(line)));

export const withoutFiles =
  (path: RegExp): Edit =>
  (files) =>
    Object.fromEntries(Object.entries(files).filter(([name]) => !path.test(name)));

export const replaced = (path: RegExp, from: RegExp | string, to: string): Edit =>
  lines(path, (all) => all.map((line) => line.replaceAll(from, to)));

export const firstHalf = (path: RegExp): Edit => lines(path, (all) => all.slice(0, Math.ceil(all.length / 2)));

/** Cuts the end of the last line, as after a full disk or a killed process. */
export const cutInLine = (path: RegExp): Edit =>
  lines(path, (all) => [...all.slice(0, -2), (all.at(-2) ?? '').slice(0, -7)]);

/** Times of events and of logs, in µs since the epoch. */
export const shifted = (path: RegExp, micros: number): Edit =>
  lines(path, (all) => all.map((line) => line.replace(/"at":(\d+)/, (_, moment) => `"at":${Number(moment) + micros}`)));

/** The rows of a requests file, between its header and its footer. */
export const rows = (path: RegExp, change: (rows: readonly string[]) => readonly string[]): Edit =>
  lines(path, ([header = '', ...rest]) => [header, ...change(rest.slice(0, -1)), rest.at(-1) ?? '']);

/** Changes the rows, and updates the footer to match. */
export const rowsAndFooter = (path: RegExp, change: (rows: readonly string[]) => readonly string[]): Edit =>
  lines(path, ([header = '', ...rest]) => {
    const changed = change(rest.slice(0, -1));
    const footer = JSON.parse(rest.at(-1) ?? '') as object;
    return [header, ...changed, JSON.stringify({ ...footer, rows: changed.length, httpReqs: changed.length })];
  });

/** Adds an event, sorted by time. */
export const withEvent = (moment: (files: Files) => number, event: object): Edit => {
  const at = (line: string) => Number(/"at":(\d+)/.exec(line)?.[1]);
  return (files) =>
    lines(/^events/, (all) => {
      const line = JSON.stringify({ at: moment(files), ...event });
      return [...all, line].sort((one, other) => at(one) - at(other));
    })(files);
};

/** The lines of the events file without its header. */
export const eventLines = (files: Files): readonly string[] =>
  (Object.entries(files).find(([path]) => path.startsWith('events'))?.[1] ?? []).filter(
    (line) => !isEventsHeader(line),
  );

/** The object of the first event of a source. With `named`, the first event about an object with this name. */
export const aboutIn = (files: Files, source: string, named?: string): About => {
  const line = eventLines(files).find((each) => {
    const event = JSON.parse(each) as RecordedEvent;
    return event.source === source && (named ?? event.name) === event.name;
  });
  const { subject, kind, namespace, name } = JSON.parse(line ?? '{}') as RecordedEvent;
  return { subject, kind, namespace, name };
};

/** A pattern that matches lines about an object with one of these names. */
export const named = (...names: readonly (string | undefined)[]): string => `"name":"(?:${names.join('|')})","data"`;

/** The time at which a phase began, in µs since the epoch. */
export const phaseStart = (files: Files, phase: string): number => {
  const line = eventLines(files).find((each) => each.includes(`"phase","type":"${phase}"`));
  return (JSON.parse(line ?? '{"at":0}') as { at: number }).at;
};

/** The workload's pods, in the order in which they first appear. */
export const podsOf = (files: Files): string[] => [
  ...new Set(
    eventLines(files)
      .filter((line) => line.includes('"source":"pod"'))
      .map((line) => nameOf(JSON.parse(line))),
  ),
];

export const oneAfterAnother =
  (...edits: readonly Edit[]): Edit =>
  (files) =>
    edits.reduce((edited, edit) => edit(edited), files);
