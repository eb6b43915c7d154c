import { z } from 'zod';
import type { Resources } from '../model/facts.ts';
import type { Json } from '../model/units.ts';
import { byContainer, type Container, perContainer, withContainer } from './containers.ts';
import { fieldsAt, sortedEntries, withoutDefaults, withValue } from './fields.ts';
import { guaranteeOf } from './guarantee.ts';
import { json } from './json.ts';
import { plainQuantity } from './quantity.ts';

const isEmpty = (of: object): boolean => Object.keys(of).length === 0;

type Quantities = { readonly [resource: string]: Json };

const quantities = z.record(z.string().min(1), z.union([z.string().min(1), z.number()])).exactOptional();
const input = z
  .strictObject({ requests: quantities, limits: quantities })
  .refine(({ requests = {}, limits = {} }) => !isEmpty({ ...requests, ...limits }), 'it has no request and no limit');
type Input = z.infer<typeof input>;

const plain = (of: unknown, part: 'requests' | 'limits'): Quantities =>
  Object.fromEntries(
    Object.entries(withoutDefaults(fieldsAt(of, part))).map(([resource, value]) => [resource, plainQuantity(value)]),
  );

/** Requests and limits. A resource with a limit and without a request gets a request of the same quantity. */
function plainResources(of: unknown): Resources | undefined {
  const limits = plain(of, 'limits');
  const requests = { ...limits, ...plain(of, 'requests') };
  return isEmpty(requests) ? undefined : { requests, ...(!isEmpty(limits) && { limits }) };
}

const lens = byContainer<Resources>({
  read: (container) => plainResources(fieldsAt(container, 'resources')),
  write(container: Container, value) {
    const requested = withValue(
      container,
      ['resources', 'requests'],
      value && (fieldsAt(value, 'requests') as Quantities),
    );
    const limits = value && (fieldsAt(value, 'limits') as Quantities);
    return withValue(requested, ['resources', 'limits'], limits && !isEmpty(limits) ? limits : undefined);
  },
});

/** `requests cpu 50m, memory 64Mi; limits memory 256Mi`. */
const inWords = (value: Resources): string =>
  (['requests', 'limits'] as const)
    .filter((part) => !isEmpty(fieldsAt(value, part)))
    .map((part) => {
      const all = sortedEntries(fieldsAt(value, part)).map(([resource, quantity]) => `${resource} ${quantity}`);
      return `${part} ${all.join(', ')}`;
    })
    .join('; ');

export const resources = guaranteeOf<'resources', Input>({
  name: 'resources',
  title: 'resources',
  fact: z.record(z.string(), z.record(z.string(), json)),
  input: input.describe('{ requests, limits } with the fields of Kubernetes'),
  ...lens,
  valueOf: (own, objects, under) =>
    withContainer(lens.read(objects, under), under.container, plainResources(own) ?? {}),
  takenAway: () => ({}),
  hasDefault: false,
  words: (values) => (isEmpty(values) ? 'no resources' : `resources (${perContainer(values, inWords)})`),
  cell: (values) => perContainer(values, inWords),
  accepts: 'JSON such as {"limits":{"memory":"64Mi"}}',
  parse(text) {
    try {
      return input.safeParse(JSON.parse(text)).data;
    } catch {
      return undefined;
    }
  },
  // Requests decide what fits on a node, how the CPU is shared and which pods are evicted first; limits when it is killed.
  exercisedBy: ['preemption', 'memory-pressure', 'cpu-burn', 'out-of-memory'],
});
