import { type Cause, causeOrder, causes } from '../../harness/model/cause.ts';
import { count } from './number.ts';

const isCause = (name: string): name is Cause => Object.hasOwn(causes, name);

/** The name of a cause; its key if a newer judge wrote a cause that is unknown here. */
export const causeName = (cause: string): string => (isCause(cause) ? causes[cause].name : cause);

export const causeMeaning = (cause: string): string => (isCause(cause) ? causes[cause].meaning : '');

export const causeCure = (cause: string): string => (isCause(cause) ? causes[cause].cure : '');

/** Causes that occurred, in the order of the taxonomy, unknown ones last. */
export function occurred(byCause: { readonly [cause: string]: number }): string[] {
  const rank = (cause: string) => (isCause(cause) ? causeOrder.indexOf(cause) : causeOrder.length);
  return Object.keys(byCause)
    .filter((cause) => (byCause[cause] ?? 0) > 0)
    .sort((one, other) => rank(one) - rank(other));
}

/** `302 not listening yet · 9 killed in flight`; empty if no request failed. */
export function causesInWords(byCause: { readonly [cause: string]: number }): string {
  return occurred(byCause)
    .map((cause) => `${count(byCause[cause] ?? 0)} ${causeName(cause)}`)
    .join(' · ');
}
