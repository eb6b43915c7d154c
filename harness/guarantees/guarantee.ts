import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Facts, GuaranteeName } from '../model/facts.ts';
import type { Manifests } from '../model/manifest.ts';
import type { Owner } from '../model/owner.ts';
import { printableJson } from '../model/printable.ts';
import type { Json } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';

/** The part of the objects that is under test. */
export interface UnderTest {
  readonly owner: Owner;
  /** The Service of the clients. */
  readonly service: string;
  /** The container that serves their requests. */
  readonly container: string;
}

/** The value of a guarantee in the facts about a workload. */
export type FactOf<Name extends GuaranteeName> = NonNullable<Facts[Name]> | (null extends Facts[Name] ? null : never);

/**
 * A promise that manifests can make: it can be read from them, written into them and taken away. `Input` is what an
 * experiment says in `having`, such as a probe for the serving container.
 */
export interface Guarantee<Name extends GuaranteeName = GuaranteeName, Input extends Json = Json> {
  readonly name: Name;
  /** `readiness probe`. The head of a column in reports. */
  readonly title: string;
  /** The schema of its value in facts. */
  readonly fact: z.ZodType<FactOf<Name>>;
  /** The schema of what `having` takes, with a description of it. */
  readonly input: z.ZodType<Input>;
  /** The value after the API has filled in its defaults. */
  read(objects: Manifests, under: UnderTest): FactOf<Name>;
  /**
   * Objects that have this value. Nothing else in them changes, and `objects` stays as it is. Returns `objects` itself if
   * they have the value already.
   */
  write(objects: Manifests, under: UnderTest, value: FactOf<Name>): Manifests;
  /** The value that an input stands for in these objects. Throws `UsageError` if they cannot have it. */
  valueOf(input: Input, objects: Manifests, under: UnderTest): FactOf<Name>;
  /** The value without the guarantee, such as 1 replica. */
  takenAway(under: UnderTest): FactOf<Name>;
  /** Whether Kubernetes uses a default, such as 30 s of grace, if it is taken away. Words about that say so. */
  readonly hasDefault: boolean;
  /** `no readiness probe`, `grace 30 s`. */
  words(value: FactOf<Name>): string;
  /** The value below its title in a table: `none`, `30 s`. */
  cell(value: FactOf<Name>): string;
  /** What `--set` accepts besides `none`, such as `a whole number from 1 to 20`. */
  readonly accepts: string;
  /** The input for a text of `--set`. Undefined if the text is not accepted. */
  parse(text: string): Input | undefined;
  /** The text of `--set` for a value. Undefined if no text stands for it. */
  typed?(value: FactOf<Name>): string | undefined;
  /** The faults that can show whether it is given, by their names in the catalogue. */
  readonly exercisedBy: readonly string[];
}

/** Completes a guarantee, whose `write` may then assume that the objects have another value. */
export const guaranteeOf = <Name extends GuaranteeName, Input extends Json>(
  own: Guarantee<Name, Input>,
): Guarantee<Name, Input> => ({
  ...own,
  write: (objects, under, value) =>
    isDeepStrictEqual(own.read(objects, under), value) ? objects : own.write(objects, under, value),
});

const longest = 120;

/** The error for an input of `having` that a workload cannot have. */
export function refused(name: string, input: Json, why: string): UsageError {
  const text = printableJson(input);
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return new UsageError(`having(${name}, ${shown}): ${why}`);
}
