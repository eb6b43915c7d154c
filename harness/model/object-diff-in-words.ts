import { count } from './number-words.ts';
import type { ObjectDifference } from './object-diff.ts';
import { printable, printableJson } from './printable.ts';
import type { Json } from './units.ts';

/**
 * Differences as lines of a diff: `- Deployment web  spec.replicas: 3` for what was removed, `+ …` for what was added, and
 * both for a field with another value.
 */
export const diffInWords = (differences: readonly ObjectDifference[]): readonly string[] =>
  differences.flatMap((difference) => {
    const { before, after } = valuesInWords(difference);
    return [
      ...(before === undefined ? [] : [`- ${placeInWords(difference)}: ${before}`]),
      ...(after === undefined ? [] : [`+ ${placeInWords(difference)}: ${after}`]),
    ];
  });

const placeInWords = ({ object, field }: ObjectDifference): string =>
  field === '' ? printable(object) : `${printable(object)}  ${printable(field)}`;

/** The values of a difference as YAML on one line. Of long values, only the part around their first difference. */
export function valuesInWords({ field, before, after }: ObjectDifference): {
  readonly before: string | undefined;
  readonly after: string | undefined;
} {
  const [was, is] = [before, after].map((value) =>
    value === undefined ? undefined : inFlow(field === '' ? withoutName(value) : value),
  );
  const from = was === undefined || is === undefined ? 0 : firstDifference(was, is);
  return { before: was && cut(was, from), after: is && cut(is, from) };
}

/** A value as YAML on one line. A long one is cut off, and its length is given. */
export const valueInWords = (value: Json): string => cut(inFlow(value), 0);

/** What a line says besides the kind and the name of an object. */
function withoutName(object: Json): Json {
  if (!isFields(object)) return object;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = object;
  return rest;
}

const isFields = (value: Json): value is { readonly [field: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function inFlow(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(inFlow).join(', ')}]`;
  if (isFields(value)) {
    const fields = Object.entries(value).map(([name, of]) => `${scalar(name)}: ${inFlow(of)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  return scalar(value);
}

/** Texts that YAML would read as another value or that contain its punctuation are quoted. */
const scalar = (value: Json): string =>
  typeof value === 'string' &&
  /^[A-Za-z/][\w./-]*$/.test(value) &&
  !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(value)
    ? value
    : printableJson(value);

/** The number of characters at the start that two texts have in common. */
function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

/** The number of characters of a value that are shown. */
const longest = 300;
/** The number of characters that are shown before the first difference. */
const lead = 60;

function cut(text: string, difference: number): string {
  if (text.length <= longest) return text;
  const from = Math.max(0, Math.min(difference - lead, text.length - longest));
  const to = from + longest;
  const shown = text.slice(from, to).toWellFormed();
  return `${from > 0 ? '…' : ''}${shown}${to < text.length ? '…' : ''} (${count(text.length)} characters)`;
}
