import { type Micros, type Ms, microsToMs } from './units.ts';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,345`. */
export const count = (value: number): string => grouped.format(value);

/** `1 request`, `12 requests`. */
export const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** `0.047 %`. */
export const percent = (share: number, digits = 2): string => `${Number((share * 100).toPrecision(digits))} %`;

/** `33 %`. */
export const wholePercent = (share: number): string => `${Math.round(share * 100)} %`;

/** A duration as it is configured: `2 s`, `0.5 s`. */
export const plainSeconds = (duration: Ms): string => `${duration / 1000} s`;

/** `0.41 s`, without a sign. */
export const exactSeconds = (duration: Ms): string => `${(Math.abs(duration) / 1000).toFixed(2)} s`;

/** How long it is between two times: `0.41 s`. */
export const between = (from: Micros, to: Micros): string => exactSeconds(microsToMs(to - from));

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], last = 'and'): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
