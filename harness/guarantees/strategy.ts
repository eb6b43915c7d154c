import { z } from 'zod';
import type { Amount, Strategy } from '../model/facts.ts';
import type { OwnerKind } from '../model/owner.ts';
import { amount, amountOf } from './amounts.ts';
import { rollouts } from './exercising-faults.ts';
import { textAt, valueAt, withValue } from './fields.ts';
import { guaranteeOf, refused } from './guarantee.ts';
import { ownerObject, withOwnerObject } from './owner-object.ts';

type Input = 'Recreate' | 'OnDelete' | { readonly maxSurge?: Amount; readonly maxUnavailable?: Amount };

const fields: { readonly [kind in OwnerKind]: 'strategy' | 'updateStrategy' } = {
  Deployment: 'strategy',
  StatefulSet: 'updateStrategy',
};

/** A StatefulSet never has more pods than replicas. */
const defaults: { readonly [kind in OwnerKind]: Strategy & { readonly type: 'RollingUpdate' } } = {
  Deployment: { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: '25%' },
  StatefulSet: { type: 'RollingUpdate', maxSurge: 0, maxUnavailable: 1 },
};

const types: { readonly [kind in OwnerKind]: readonly string[] } = {
  Deployment: ['RollingUpdate', 'Recreate'],
  StatefulSet: ['RollingUpdate', 'OnDelete'],
};

const cell = (strategy: Strategy): string =>
  strategy.type === 'RollingUpdate'
    ? `RollingUpdate, maxSurge ${strategy.maxSurge}, maxUnavailable ${strategy.maxUnavailable}`
    : strategy.type;

export const strategy = guaranteeOf<'strategy', Input>({
  name: 'strategy',
  title: 'strategy',
  fact: z.union([
    z.strictObject({ type: z.literal('RollingUpdate'), maxSurge: amount, maxUnavailable: amount }),
    z.strictObject({ type: z.enum(['Recreate', 'OnDelete']) }),
  ]) as z.ZodType<Strategy>,
  input: z
    .union([
      z.enum(['Recreate', 'OnDelete']),
      z
        .strictObject({ maxSurge: amount.exactOptional(), maxUnavailable: amount.exactOptional() })
        .refine((limits) => Object.keys(limits).length > 0, 'maxSurge or maxUnavailable is missing'),
    ])
    .describe('Recreate, OnDelete or { maxSurge, maxUnavailable } with numbers or percentages'),
  read(objects, under) {
    const { kind } = under.owner;
    const own = valueAt(ownerObject(objects, under), 'spec', fields[kind]);
    const type = textAt(own, 'type') ?? 'RollingUpdate';
    if (type !== 'RollingUpdate') return { type } as Strategy;
    const limits = defaults[kind];
    return {
      type,
      maxSurge:
        (kind === 'Deployment' ? (valueAt(own, 'rollingUpdate', 'maxSurge') as Amount) : undefined) ?? limits.maxSurge,
      maxUnavailable: (valueAt(own, 'rollingUpdate', 'maxUnavailable') as Amount | undefined) ?? limits.maxUnavailable,
    };
  },
  write(objects, under, value) {
    const { kind } = under.owner;
    const field = fields[kind];
    return withOwnerObject(objects, under, (owner) => {
      if (value.type !== 'RollingUpdate') {
        const typed = withValue(owner, ['spec', field, 'type'], value.type);
        return withValue(typed, ['spec', field, 'rollingUpdate'], undefined);
      }
      const { maxSurge, maxUnavailable } = value;
      const isDefault = maxSurge === defaults[kind].maxSurge && maxUnavailable === defaults[kind].maxUnavailable;
      const limits = {
        ...(kind === 'Deployment' && { maxSurge: isDefault ? undefined : maxSurge }),
        maxUnavailable: isDefault ? undefined : maxUnavailable,
      };
      // The type comes first if the strategy is new.
      let changed = withValue(owner, ['spec', field, 'type'], isDefault ? undefined : 'RollingUpdate');
      for (const [limit, pods] of Object.entries(limits))
        changed = withValue(changed, ['spec', field, 'rollingUpdate', limit], pods);
      return changed;
    });
  },
  valueOf(input, _, { owner: { kind } }) {
    const type = typeof input === 'string' ? input : 'RollingUpdate';
    if (!types[kind].includes(type))
      throw refused('strategy', input, `a ${kind} has no strategy ${type}. Use ${types[kind].join(' or ')}`);
    if (typeof input === 'string') return { type: input };
    if (kind === 'StatefulSet' && input.maxSurge !== undefined)
      throw refused('strategy', input, 'a StatefulSet has no maxSurge. Use maxUnavailable');
    return { ...defaults[kind], ...input };
  },
  takenAway: ({ owner: { kind } }) => defaults[kind],
  hasDefault: true,
  words: (value) => `strategy ${cell(value)}`,
  cell,
  accepts:
    'Recreate, OnDelete, RollingUpdate:1/0 with maxSurge and maxUnavailable, or RollingUpdate:1 for a StatefulSet',
  parse(text) {
    if (text === 'Recreate' || text === 'OnDelete') return text;
    const [, first, second] = /^RollingUpdate:(\d+%?)(?:\/(\d+%?))?$/.exec(text) ?? [];
    const [one, other] = [amountOf(first ?? ''), amountOf(second ?? '')];
    if (one === undefined || (second !== undefined && other === undefined)) return undefined;
    return other === undefined ? { maxUnavailable: one } : { maxSurge: one, maxUnavailable: other };
  },
  typed: (value) =>
    value.type === 'RollingUpdate' ? `RollingUpdate:${value.maxSurge}/${value.maxUnavailable}` : value.type,
  exercisedBy: rollouts,
});
