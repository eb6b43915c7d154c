type Fields = { [key: string]: unknown };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A strategic merge as an API server does it, where all lists of objects merge by name. */
export function strategicMerge(value: unknown, patch: unknown): unknown {
  if (Array.isArray(patch) && patch.some(isFields)) {
    const items = (Array.isArray(value) ? value : []) as Fields[];
    const patches = patch as Fields[];
    const merged = items.flatMap((item) => {
      const own = patches.find(({ name }) => name === item.name);
      if (own?.$patch === 'delete') return [];
      return [own ? strategicMerge(item, own) : item];
    });
    return [...merged, ...patches.filter(({ name, $patch }) => !$patch && !items.some((item) => item.name === name))];
  }
  if (!isFields(patch)) return patch;
  const merged: Fields = isFields(value) ? { ...value } : {};
  for (const [key, item] of Object.entries(patch)) {
    if (item === null) delete merged[key];
    else merged[key] = strategicMerge(merged[key], item);
  }
  return merged;
}
