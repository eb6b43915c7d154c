/** Milliseconds; a duration. */
export type Ms = number;
/** Whole microseconds since the Unix epoch, on a named clock; the unit of every recorded moment. */
export type Micros = number;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const seconds = (count: number): Ms => count * 1000;
export const microsToMs = (duration: Micros): Ms => duration / 1000;
export const msToMicros = (duration: Ms): Micros => Math.round(duration * 1000);
