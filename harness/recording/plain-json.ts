import { limits } from './limits.ts';

/** JSON that is rejected: it is nested too deeply, or has a key that sets the prototype of an object. */
export class UnfitJson extends Error {
  override name = 'UnfitJson';
}

/** Parses JSON from an unknown source. Throws SyntaxError if it is invalid, and UnfitJson if it is not plain data. */
export function parsePlainJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null) assertPlain(value, 1);
  return value;
}

/** A recursive function, such as a schema check, would run out of stack for a value that is nested too deeply. */
function assertPlain(value: object, depth: number): void {
  if (depth > limits.nesting) throw new UnfitJson(`nested deeper than ${limits.nesting} levels`);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      if (typeof item === 'object' && item !== null) assertPlain(item, depth + 1);
    }
    return;
  }
  for (const name in value) {
    if (name === '__proto__') throw new UnfitJson('a field named __proto__');
    const item = (value as { readonly [name: string]: unknown })[name];
    if (typeof item === 'object' && item !== null) assertPlain(item, depth + 1);
  }
}
