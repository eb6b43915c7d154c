/** The imports of each node. Names that are not nodes of the graph are ignored. */
export type ImportGraph = ReadonlyMap<string, Iterable<string>>;

/** Makes a graph from imports. An import of itself, such as one within the same folder, is left out. */
export function graphOf(imports: Iterable<readonly [from: string, to: string]>): ImportGraph {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of imports) {
    const targets = graph.get(from) ?? new Set();
    graph.set(from, targets);
    if (from !== to) targets.add(to);
  }
  return graph;
}

/**
 * Finds import circles. Each circle lists its nodes in import order. For every node in a circle, the result includes a
 * shortest circle through it. Each circle is returned once, and starts with its alphabetically first name. Empty if
 * there is none.
 */
export function circlesIn(graph: ImportGraph): string[][] {
  const found = new Map<string, string[]>();
  for (const node of [...graph.keys()].sort()) {
    const circle = shortestCircle(graph, node);
    if (!circle) continue;
    const first = circle.indexOf([...circle].sort()[0] ?? '');
    const ordered = [...circle.slice(first), ...circle.slice(0, first)];
    found.set(ordered.join('\n'), ordered);
  }
  return [...found.values()];
}

/** Breadth-first search from a node until a found node imports it. Undefined if none does. */
function shortestCircle(graph: ImportGraph, start: string): string[] | undefined {
  const importer = new Map<string, string>();
  const queue = [start];
  for (const node of queue) {
    for (const target of graph.get(node) ?? []) {
      if (target === start) return wayTo(node, importer);
      if (importer.has(target)) continue;
      importer.set(target, node);
      queue.push(target);
    }
  }
  return undefined;
}

/** The path from the start of a search to a node. */
function wayTo(node: string, importer: ReadonlyMap<string, string>): string[] {
  const before = importer.get(node);
  return before === undefined ? [node] : [...wayTo(before, importer), node];
}
