import type { Json } from '../model/units.ts';

/** The names of the nodes in the plan of a fault; empty if it plans no nodes. */
export function plannedNodes(plan: Json): string[] {
  const { nodes } = (plan ?? {}) as { nodes?: unknown };
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: unknown) => {
    const { name } = (node ?? {}) as { name?: unknown };
    return typeof name === 'string' ? [name] : [];
  });
}
