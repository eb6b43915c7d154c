import { type Micros, type Ms, microsToMs } from '../../harness/model/units.ts';

export { count, counted, exactSeconds, wholePercent } from '../../harness/model/number-words.ts';

/** Seconds with a suitable number of decimals: `0.26 s`, `4.7 s`, `48 s`. */
export function shortSeconds(duration: Ms): string {
  const value = Math.abs(duration) / 1000;
  const decimals = value < 1 ? 2 : value < 10 ? 1 : 0;
  return `${value.toFixed(decimals)} s`;
}

/** `48 s`, `6 min 12 s`, `1 h 4 min`. */
export function longDuration(duration: Ms): string {
  const seconds = Math.round(duration / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** The difference of two times as signed seconds: `−0.04`, `0.00`, `+0.25`. */
export function signedSeconds(from: Micros, to: Micros, decimals = 2): string {
  const text = (Math.abs(microsToMs(to - from)) / 1000).toFixed(decimals);
  if (Number(text) === 0) return text;
  return (to < from ? '−' : '+') + text;
}

/** Time of day in UTC, to the millisecond: `19:08:19.350`. */
export const clockTime = (at: Micros): string => isoDate(at).slice(11, 23);

/** `22 Nov 2026, 19:04:12 UTC`; the unchanged text if it is not a date. */
export function dateAndTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return `${day.format(date)}, ${date.toISOString().slice(11, 19)} UTC`;
}

/** Replaces the space between a number and its unit by a no-break space. */
export const unitsKept = (text: string): string => text.replace(/(\d) (ms|s|min|h|%)(?![\p{L}\d])/gu, '$1\u00a0$2');

function isoDate(at: Micros): string {
  const date = new Date(microsToMs(at));
  return Number.isNaN(date.getTime()) ? '----------T--:--:--.---' : date.toISOString();
}
