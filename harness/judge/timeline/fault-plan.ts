import type { Json } from '../../model/units.ts';
import type { FaultStep } from './timeline.ts';

export type Plain = { readonly [key: string]: Json };

/** What a fault's intent says that it will do. */
export const planOf = ({ data }: FaultStep): Plain => ((data as { plan?: Plain } | null)?.plan ?? {}) as Plain;

/** The names of the things that it says it will take. */
export const namesIn = (list: Json | undefined): string[] =>
  (Array.isArray(list) ? list : []).flatMap((item) => {
    const name = typeof item === 'string' ? item : (item as { name?: Json } | null)?.name;
    return typeof name === 'string' ? [name] : [];
  });
