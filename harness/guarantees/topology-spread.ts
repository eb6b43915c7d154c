import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { TopologySpread } from '../model/facts.ts';
import type { Manifest, Manifests } from '../model/manifest.ts';
import { listed } from '../model/number-words.ts';
import type { Json } from '../model/units.ts';
import { placements } from './exercising-faults.ts';
import { fieldsAt, listAt, listOrNone, sortedEntries, textAt, withoutDefaults, withValue } from './fields.ts';
import { guaranteeOf, refused, type UnderTest } from './guarantee.ts';
import { json } from './json.ts';
import { ownerObject, podLabels, podSelector, withOwnerObject } from './owner-object.ts';
import { isSameSelector, selectorAt, selectorInWords, selects } from './selectors.ts';
import { isTopology, topologyKey, topologyName } from './topology-keys.ts';

const field = ['spec', 'template', 'spec', 'topologySpreadConstraints'] as const;
/** What the scheduler uses for an absent field. */
const defaults = { minDomains: 1, nodeAffinityPolicy: 'Honor', nodeTaintsPolicy: 'Ignore' };

const whens = ['DoNotSchedule', 'ScheduleAnyway'] as const;
const policy = z.enum(['Honor', 'Ignore']).exactOptional();
const one = z.strictObject({
  topologyKey: z.string().refine(isTopology, 'expected a topology key'),
  maxSkew: z.int().min(1).exactOptional(),
  whenUnsatisfiable: z.enum(whens).exactOptional(),
  labelSelector: json.exactOptional(),
  minDomains: z.int().min(1).exactOptional(),
  matchLabelKeys: z.array(z.string().min(1)).exactOptional(),
  nodeAffinityPolicy: policy,
  nodeTaintsPolicy: policy,
});
const input = z.union([one, z.array(one).min(1)]);
type Input = z.infer<typeof input>;

/** The constraint in an item of the list. Undefined if it does not select the pods of the owner. */
function constraintIn(item: Json, owner: Manifest): TopologySpread | undefined {
  const selector = selectorAt(item, 'labelSelector');
  if (selector === undefined || !selects(selector, podLabels(owner))) return undefined;
  const { labelSelector, ...others } = withoutDefaults(fieldsAt({ item }, 'item'), defaults);
  return isSameSelector(selector, podSelector(owner)) ? others : { ...others, labelSelector: selector };
}

/** The API allows one constraint for each of these. */
const keyOf = (constraint: Json): string =>
  `${textAt(constraint, 'topologyKey')} ${textAt(constraint, 'whenUnsatisfiable')}`;

const inOrder = (all: readonly TopologySpread[]): readonly TopologySpread[] =>
  all.toSorted((first, second) => (keyOf(first) < keyOf(second) ? -1 : 1));

function read(objects: Manifests, under: UnderTest): readonly TopologySpread[] {
  const owner = ownerObject(objects, under);
  if (!owner) return [];
  const all = listAt(owner, ...field).map((item) => constraintIn(item, owner));
  return inOrder(all.filter((constraint) => constraint !== undefined));
}

const write = (objects: Manifests, under: UnderTest, value: readonly TopologySpread[]): Manifests =>
  withOwnerObject(objects, under, (owner) => {
    const whole = (constraint: TopologySpread): Json => ({ labelSelector: podSelector(owner), ...constraint });
    const left = new Map(value.map((constraint) => [keyOf(constraint), constraint]));
    const kept = listAt(owner, ...field).flatMap((item) => {
      const before = constraintIn(item, owner);
      if (before === undefined) return [item];
      const constraint = left.get(keyOf(item));
      left.delete(keyOf(item));
      if (constraint === undefined) return [];
      return [isDeepStrictEqual(before, constraint) ? item : whole(constraint)];
    });
    return withValue(owner, field, listOrNone([...kept, ...[...left.values()].map(whole)]));
  });

function fromInput(own: Input, objects: Manifests, under: UnderTest): readonly TopologySpread[] {
  const owner = ownerObject(objects, under);
  if (!owner) return [];
  const items = (Array.isArray(own) ? own : [own]).map((each) => ({
    maxSkew: 1,
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: podSelector(owner),
    ...each,
    topologyKey: topologyKey(each.topologyKey),
  }));
  const keys = items.map(keyOf);
  const foreign = listAt(owner, ...field).filter((item) => constraintIn(item, owner) === undefined);
  const constraints = items.map((item) => {
    const constraint = constraintIn(item, owner);
    if (constraint === undefined)
      throw refused(
        'topologySpread',
        own,
        `its labelSelector does not select the pods of ${owner.kind} ${owner.metadata.name}`,
      );
    return constraint;
  });
  const twice = keys.find((key, index) => keys.indexOf(key) !== index || foreign.some((item) => keyOf(item) === key));
  if (twice !== undefined)
    throw refused('topologySpread', own, `there is a second constraint for ${twice}, which the API refuses`);
  return inOrder(constraints);
}

/** `by zone, maxSkew 1, DoNotSchedule`. */
function inWords(constraint: TopologySpread): string {
  const { topologyKey: key, maxSkew, whenUnsatisfiable, labelSelector, matchLabelKeys, ...others } = constraint;
  return [
    `by ${topologyName(String(key))}`,
    `maxSkew ${maxSkew}`,
    String(whenUnsatisfiable),
    ...(labelSelector === undefined ? [] : [`of ${selectorInWords(selectorAt(constraint, 'labelSelector') ?? {})}`]),
    ...(matchLabelKeys === undefined ? [] : [`matchLabelKeys ${listAt(constraint, 'matchLabelKeys').join(' ')}`]),
    ...sortedEntries(others).map(
      ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
    ),
  ].join(', ');
}

const cell = (all: readonly TopologySpread[]): string => (all.length === 0 ? 'none' : listed(all.map(inWords)));

export const topologySpread = guaranteeOf<'topologySpread', Input>({
  name: 'topologySpread',
  title: 'topology spread',
  fact: z.array(z.record(z.string(), json)),
  input: input.describe(
    'a topology spread constraint with the fields of Kubernetes, or a list; topologyKey can be hostname, zone or rack',
  ),
  read,
  write,
  valueOf: fromInput,
  takenAway: () => [],
  hasDefault: false,
  words: (all) => (all.length === 0 ? 'no topology spread' : `topology spread (${cell(all)})`),
  cell,
  accepts: 'hostname, zone, rack or a topology key, also as in zone:ScheduleAnyway',
  parse(text) {
    const [, key = '', when] = /^([^:]+)(?::(.+))?$/.exec(text) ?? [];
    const found = whens.find((each) => each === when);
    if (!isTopology(key) || (when !== undefined && found === undefined)) return undefined;
    return { topologyKey: key, ...(found !== undefined && { whenUnsatisfiable: found }) };
  },
  exercisedBy: placements,
});
