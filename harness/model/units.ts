/** A duration in milliseconds. */
export type Ms = number;
/** A time in whole microseconds since the Unix epoch. The unit of every recorded time. */
export type Micros = number;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const seconds = (count: number): Ms => count * 1000;
export const microsToMs = (duration: Micros): Ms => duration / 1000;
export const msToMicros = (duration: Ms): Micros => Math.round(duration * 1000);
