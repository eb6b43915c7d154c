import { limits } from './limits.ts';

/** JSON that is not taken: nested too deeply, or with a name that stands for an object's prototype. */
export class UnfitJson extends Error {
  override name = 'UnfitJson';
}

/** Parses JSON that may be anybody's. Throws SyntaxError for what is none, and UnfitJson for what is no plain data. */
export function parsePlainJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null) assertPlain(value, 1);
  return value;
}

/** Whoever walks through a value that is nested too deeply, such as a schema, runs out of stack. */
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
