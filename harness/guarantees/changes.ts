import type { Change } from '../model/change.ts';
import type { Facts, GuaranteeName } from '../model/facts.ts';
import type { Manifests } from '../model/manifest.ts';
import { issuesInWords } from '../model/schema-issue.ts';
import type { Json } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';
import { type Guarantee, refused, type UnderTest } from './guarantee.ts';
import { guaranteeNamed, guarantees } from './registry.ts';

type Without = Extract<Change, { without: string }>;
type Having = Extract<Change, { having: string }>;

/** Takes a guarantee away: 1 replica, the API's default of the strategy and the grace period, no other guarantee. */
export const without = ({ name }: { readonly name: GuaranteeName }): Without => ({ without: name });

/** Gives a guarantee another value. A probe, a hook, a signal or resources are those of the serving container. */
export const having = <Name extends GuaranteeName, Input extends Json>(
  { name }: Pick<Guarantee<Name, Input>, 'name' | 'parse'>,
  value: NoInfer<Input>,
): Having => ({ having: name, value });

/**
 * The objects with a change of a guarantee. They are `objects` itself if the change has no effect. A change of an option
 * is skipped, because it is part of the objects already. Throws `UsageError` if there is no such guarantee, or if the
 * workload cannot have the value.
 */
export function applyChange(objects: Manifests, under: UnderTest, change: Change): Manifests {
  if ('option' in change) return objects;
  const name = nameOf(change);
  const guarantee = guaranteeNamed(name);
  if (!guarantee)
    throw new UsageError(
      `there is no guarantee ${name}. Guarantees: ${guarantees.map((each) => each.name).join(', ')}`,
    );
  if ('without' in change) return guarantee.write(objects, under, guarantee.takenAway(under));
  const parsed = guarantee.input.safeParse(change.value);
  if (!parsed.success)
    throw refused(name, change.value, `${issuesInWords(parsed.error.issues)}. Use ${guarantee.input.description}`);
  return guarantee.write(objects, under, guarantee.valueOf(parsed.data, objects, under));
}

/** The objects with all changes, in their order. */
export const applyChanges = (objects: Manifests, under: UnderTest, changes: readonly Change[]): Manifests =>
  changes.reduce((changed, change) => applyChange(changed, under, change), objects);

const nameOf = (change: Without | Having): string => ('without' in change ? change.without : change.having);

/** A change as text, with the facts about the changed workload: `no readiness probe`, `grace 30 s, Kubernetes’ default`. */
export function changeInWords(change: Without | Having, facts: Facts): string {
  const name = nameOf(change);
  const guarantee = guaranteeNamed(name);
  const value = guarantee && facts[guarantee.name];
  // A later version may know this guarantee.
  if (!guarantee || value === undefined) return 'without' in change ? `no ${name}` : `another ${name}`;
  const words = guarantee.words(value);
  return 'without' in change && guarantee.hasDefault ? `${words}, Kubernetes’ default` : words;
}
