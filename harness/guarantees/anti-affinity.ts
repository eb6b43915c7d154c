import { z } from 'zod';
import type { AntiAffinity } from '../model/facts.ts';
import type { Manifest, Manifests } from '../model/manifest.ts';
import { listed } from '../model/number-words.ts';
import type { Json } from '../model/units.ts';
import { placements } from './exercising-faults.ts';
import { listAt, listOrNone, textAt, valueAt, withValue } from './fields.ts';
import { guaranteeOf, type UnderTest } from './guarantee.ts';
import { ownerObject, podLabels, podSelector, withOwnerObject } from './owner-object.ts';
import { selectorAt, selects } from './selectors.ts';
import { isTopology, topologyKey, topologyName } from './topology-keys.ts';

const strengths = ['required', 'preferred'] as const;
type Strength = (typeof strengths)[number];
type Input = Strength | { readonly strength: Strength; readonly over?: string };

const listOf = (strength: Strength) =>
  [
    'spec',
    'template',
    'spec',
    'affinity',
    'podAntiAffinity',
    `${strength}DuringSchedulingIgnoredDuringExecution`,
  ] as const;

/** The domain of an item of one of the two lists. Undefined if it does not select the pods of the owner. */
function domainOf(strength: Strength, item: Json, owner: Manifest): string | undefined {
  const term = strength === 'required' ? item : (valueAt(item, 'podAffinityTerm') ?? null);
  const labels = podLabels(owner);
  const selected =
    selects(selectorAt(term, 'labelSelector'), labels) &&
    // These keys exclude the pods of the same revision, or of the same group.
    !listAt(term, 'mismatchLabelKeys').some((key) => valueAt(labels, String(key)) !== undefined);
  const key = textAt(term, 'topologyKey');
  return selected && key !== undefined && isInOwnNamespace(term, owner) ? topologyName(key) : undefined;
}

function isInOwnNamespace(term: Json, owner: Manifest): boolean {
  const others = valueAt(term, 'namespaceSelector');
  const namespaces = listAt(term, 'namespaces');
  if (others !== undefined && selects(selectorAt(term, 'namespaceSelector'), {})) return true;
  if (namespaces.length === 0) return others === undefined;
  const { namespace } = owner.metadata;
  return namespace !== undefined && namespaces.includes(namespace);
}

function newTerm(strength: Strength, over: string, owner: Manifest): Json {
  const term = { topologyKey: topologyKey(over), labelSelector: podSelector(owner) };
  return strength === 'required' ? term : { weight: 100, podAffinityTerm: term };
}

function read(objects: Manifests, under: UnderTest): readonly AntiAffinity[] {
  const owner = ownerObject(objects, under);
  if (!owner) return [];
  return strengths.flatMap((strength) => {
    const domains = listAt(owner, ...listOf(strength)).flatMap((item) => domainOf(strength, item, owner) ?? []);
    return [...new Set(domains)].toSorted().map((over) => ({ strength, over }));
  });
}

const write = (objects: Manifests, under: UnderTest, value: readonly AntiAffinity[]): Manifests =>
  withOwnerObject(objects, under, (owner) => {
    let changed = owner;
    for (const strength of strengths) {
      const items = listAt(owner, ...listOf(strength));
      const wanted = value.filter((each) => each.strength === strength).map(({ over }) => over);
      const before = items.flatMap((item) => domainOf(strength, item, owner) ?? []);
      const kept = items.filter((item) => {
        const over = domainOf(strength, item, owner);
        return over === undefined || wanted.includes(over);
      });
      const added = wanted.filter((over) => !before.includes(over));
      if (kept.length === items.length && added.length === 0) continue;
      const list = [...kept, ...added.map((over) => newTerm(strength, over, owner))];
      changed = withValue(changed, listOf(strength), listOrNone(list));
    }
    return changed;
  });

const inWords = ({ strength, over }: AntiAffinity): string => `${strength} by ${over}`;

export const antiAffinity = guaranteeOf<'antiAffinity', Input>({
  name: 'antiAffinity',
  title: 'anti-affinity',
  fact: z.array(z.strictObject({ strength: z.enum(strengths), over: z.string().min(1) })),
  input: z
    .union([
      z.enum(strengths),
      z.strictObject({
        strength: z.enum(strengths),
        over: z.string().refine(isTopology, 'expected a topology key').exactOptional(),
      }),
    ])
    .describe('required, preferred or { strength, over: hostname, zone, rack or a topology key }'),
  read,
  write,
  valueOf(input) {
    const { strength, over = 'hostname' } = typeof input === 'string' ? { strength: input } : input;
    return [{ strength, over: topologyName(topologyKey(over)) }];
  },
  takenAway: () => [],
  hasDefault: false,
  words: (all) =>
    all.length === 0
      ? 'no anti-affinity'
      : listed(all.map(({ strength, over }) => `${strength} anti-affinity by ${over}`)),
  cell: (all) => (all.length === 0 ? 'none' : listed(all.map(inWords))),
  accepts: 'required or preferred, by hostname or as in required:zone',
  parse(text) {
    const [, strength, over] = /^(required|preferred)(?::(.+))?$/.exec(text) ?? [];
    const found = strengths.find((each) => each === strength);
    if (found === undefined || (over !== undefined && !isTopology(over))) return undefined;
    return over === undefined ? found : { strength: found, over };
  },
  typed: ([only, ...others]) => (only && others.length === 0 ? `${only.strength}:${only.over}` : undefined),
  exercisedBy: placements,
});
