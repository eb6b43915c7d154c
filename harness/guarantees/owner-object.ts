import type { Manifest, Manifests } from '../model/manifest.ts';
import type { Owner } from '../model/owner.ts';
import type { Json } from '../model/units.ts';
import { fieldsAt, textAt, valueAt } from './fields.ts';
import type { UnderTest } from './guarantee.ts';
import { type Labels, type Selector, selectorAt } from './selectors.ts';

type Under = Pick<UnderTest, 'owner'>;

/** Whether this is the object of the owner. */
export const isOwner = ({ apiVersion, kind, metadata }: Manifest, { kind: ownKind, name }: Owner): boolean =>
  kind === ownKind && metadata.name === name && apiVersion.startsWith('apps/');

/** The object of the owner. Undefined if there is none. */
export const ownerObject = (objects: Manifests, { owner }: Under): Manifest | undefined =>
  objects.find((object) => isOwner(object, owner));

/** The objects with another object of the owner. All other objects stay the same. */
export const withOwnerObject = (objects: Manifests, { owner }: Under, change: (own: Manifest) => Manifest): Manifests =>
  objects.map((object) => (isOwner(object, owner) ? change(object) : object));

/** The value of a field of the owner. */
export const ownerValue = (objects: Manifests, under: Under, ...path: [string, ...string[]]): Json | undefined =>
  valueAt(ownerObject(objects, under), ...path);

/** The labels of the pods of an owner, as its template has them. */
export const podLabels = (owner: Manifest | undefined): Labels =>
  fieldsAt(owner, 'spec', 'template', 'metadata', 'labels');

/** The selector of the pods of an owner. */
export const podSelector = (owner: Manifest | undefined): Selector => selectorAt(owner, 'spec', 'selector') ?? {};

/** Whether two objects are in the same namespace. An object without one is deployed to the namespace of the others. */
export function inSameNamespace(one: Manifest | undefined, other: Manifest | undefined): boolean {
  const [own, theirs] = [textAt(one, 'metadata', 'namespace'), textAt(other, 'metadata', 'namespace')];
  return own === undefined || theirs === undefined || own === theirs;
}
