import type { Micros, Ms } from '../../model/units.ts';

/** The start of a simulated arm, on the clock of its generators. */
export const epoch: Micros = 1_795_000_000_000_000;
export const at = (moment: Ms): Micros => epoch + Math.round(moment * 1000);

/** Seconds with six decimals. */
export const stamp = (micros: Micros): string => `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
