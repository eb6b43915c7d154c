import type { Facts, GuaranteeName } from '../model/facts.ts';
import type { Manifests } from '../model/manifest.ts';
import { issuesInWords } from '../model/schema-issue.ts';
import { UsageError } from '../model/usage-error.ts';
import type { FactOf, Guarantee, UnderTest } from './guarantee.ts';
import { guarantees } from './registry.ts';

/**
 * Reads the guarantees that the objects give. Throws `UsageError` with the owner and the guarantee if a field has a value
 * that the API would refuse.
 */
export function factsOf(objects: Manifests, under: UnderTest): Facts {
  const { kind, name: owner } = under.owner;
  const read = guarantees.map((guarantee) => {
    const value = guarantee.read(objects, under);
    const checked = guarantee.fact.safeParse(value);
    if (!checked.success)
      throw new UsageError(
        `${kind} ${owner}: its ${guarantee.title} cannot be read: ${issuesInWords(checked.error.issues)}. Correct the manifest`,
      );
    return [guarantee.name, value];
  });
  return Object.fromEntries(read) as Facts;
}

export interface FactInWords {
  readonly name: GuaranteeName;
  readonly title: string;
  /** `no readiness probe`, `grace 30 s`. */
  readonly words: string;
  /** The value below its title in a table: `none`, `30 s`. */
  readonly cell: string;
  /** Whether there is one: false for `no readiness probe`. */
  readonly given: boolean;
}

/** The facts as text, in the order in which they are printed. Facts that are not known are left out. */
export const factsInWords = (facts: Facts): readonly FactInWords[] =>
  guarantees.flatMap((guarantee) => {
    const { name, title } = guarantee;
    const value = facts[name];
    if (value === undefined) return [];
    const given = typeof value === 'object' ? value !== null && Object.keys(value).length > 0 : value !== 0;
    return [{ name, title, given, ...inWords(guarantee, value) }];
  });

/** A recording may come from anybody, and hold values that no Kubernetes object has: an object as a path, for example. */
function inWords({ title, words, cell }: Guarantee, value: FactOf<GuaranteeName>): Pick<FactInWords, 'words' | 'cell'> {
  try {
    return { words: words(value), cell: cell(value) };
  } catch {
    return { words: `${title} of an unknown form`, cell: 'of an unknown form' };
  }
}
