import { isDeepStrictEqual } from 'node:util';
import type { ByContainer } from '../model/facts.ts';
import type { Manifest, Manifests } from '../model/manifest.ts';
import type { Json } from '../model/units.ts';
import { listAt, textAt, withValue } from './fields.ts';
import type { UnderTest } from './guarantee.ts';
import { ownerObject, withOwnerObject } from './owner-object.ts';

export type Container = { readonly [field: string]: Json };

const lists = ['containers', 'initContainers'] as const;
type List = (typeof lists)[number];

/** Whether a container runs as long as its pod: not an init container, unless it is a native sidecar. */
const staysOn = (list: List, container: Json): boolean =>
  textAt(container, 'name') !== undefined && (list === 'containers' || textAt(container, 'restartPolicy') === 'Always');

/** The containers and native sidecars of an owner that run as long as its pods. */
export const containersOf = (owner: Manifest | undefined): readonly Container[] =>
  lists.flatMap((list) =>
    listAt(owner, 'spec', 'template', 'spec', list)
      .filter((container) => staysOn(list, container))
      .map((container) => container as Container),
  );

function withContainers(owner: Manifest, change: (container: Container) => Container): Manifest {
  let changed = owner;
  for (const list of lists) {
    const before = listAt(owner, 'spec', 'template', 'spec', list);
    const after = before.map((each) => (staysOn(list, each) ? change(each as Container) : each));
    if (after.some((container, index) => container !== before[index]))
      changed = withValue(changed, ['spec', 'template', 'spec', list], after);
  }
  return changed;
}

/** A value that each container can have. */
export interface ContainerLens<Value> {
  /** Undefined if the container does not have it. */
  read(container: Container): Value | undefined;
  /** The container with another value, or without it. */
  write(container: Container, value: Value | undefined): Container;
}

/** Reads and writes a value of all containers. */
export const byContainer = <Value>(lens: ContainerLens<Value>) => ({
  read: (objects: Manifests, under: UnderTest): ByContainer<Value> =>
    Object.fromEntries(
      containersOf(ownerObject(objects, under)).flatMap((container) => {
        const value = lens.read(container);
        return value === undefined ? [] : [[textAt(container, 'name'), value]];
      }),
    ),
  write: (objects: Manifests, under: UnderTest, values: ByContainer<Value>): Manifests =>
    withOwnerObject(objects, under, (owner) =>
      withContainers(owner, (container) => {
        const name = textAt(container, 'name') ?? '';
        const value = Object.hasOwn(values, name) ? values[name] : undefined;
        return isDeepStrictEqual(lens.read(container), value) ? container : lens.write(container, value);
      }),
    ),
});

/** The values with another one for a container. */
export const withContainer = <Value>(
  values: ByContainer<Value>,
  container: string,
  value: Value,
): ByContainer<Value> => ({ ...values, [container]: value });

/** The value of a container. Undefined if it does not have one. */
export const ofContainer = <Value>(values: ByContainer<Value>, container: string): Value | undefined =>
  Object.hasOwn(values, container) ? values[container] : undefined;

/** `5 s` for one container, `server: 5 s; proxy: 3 s` for several, and `none`. */
export function perContainer<Value>(values: ByContainer<Value>, words: (value: Value) => string): string {
  const all = Object.entries(values);
  const [only] = all;
  if (only === undefined) return 'none';
  return all.length === 1 ? words(only[1]) : all.map(([name, value]) => `${name}: ${words(value)}`).join('; ');
}
