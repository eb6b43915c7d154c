import type { Json } from '../model/units.ts';

/** The nodes that a fault's plan takes; none where it takes something else. */
export function plannedNodes(plan: Json): string[] {
  const { nodes } = (plan ?? {}) as { nodes?: unknown };
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: unknown) => {
    const { name } = (node ?? {}) as { name?: unknown };
    return typeof name === 'string' ? [name] : [];
  });
}
