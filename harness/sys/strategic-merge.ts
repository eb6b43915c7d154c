type Fields = { [key: string]: unknown };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A strategic merge like in the API server: null removes a field, and items of a list merge by name. Throws for
 * directives, and for items without names, which the API server merges by other keys.
 */
export function strategicMerge(value: unknown, patch: unknown): unknown {
  if (Array.isArray(patch) && patch.some(isFields)) return mergeItems(Array.isArray(value) ? value : [], patch);
  if (!isFields(patch)) return patch;
  const merged = new Map(Object.entries(isFields(value) ? value : {}));
  for (const [key, item] of Object.entries(patch)) {
    if (key.startsWith('$')) throw new Error(`a patch with ${key} is not merged here`);
    if (item === null) merged.delete(key);
    else merged.set(key, strategicMerge(merged.get(key), item));
  }
  return Object.fromEntries(merged);
}

function mergeItems(items: readonly unknown[], patches: readonly unknown[]): unknown[] {
  const nameOf = (item: unknown): string => {
    if (isFields(item) && typeof item.name === 'string') return item.name;
    throw new Error('a list of items without names is not merged here');
  };
  const merged = new Map(items.map((item) => [nameOf(item), item]));
  for (const patch of patches) merged.set(nameOf(patch), strategicMerge(merged.get(nameOf(patch)), patch));
  return [...merged.values()];
}
