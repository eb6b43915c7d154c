import type { Json } from './units.ts';

/**
 * One difference between an arm and its workload: a guarantee that is taken away, or that has another value, or an option
 * of the workload's own program. Plain data, so that a plan and a report can say it.
 */
export type Change =
  | { readonly without: string }
  | { readonly having: string; readonly value: Json }
  | { readonly option: string; readonly value: Json };
