import type { ArmStory } from '../../../harness/model/finding.ts';

export interface ShortNames {
  pod(name: string): string;
  node(name: string): string;
}

/** Short names, if they are unique: the last part for pods, the part after the name of the cluster for nodes. */
export function shortNames(story: ArmStory): ShortNames {
  const nodes = [...new Set([...story.nodes, ...story.pods].map(({ node }) => node))].filter((node) => node !== '');
  const prefix = sharedPrefix(nodes);
  return {
    pod: distinct(
      story.pods.map(({ pod }) => pod),
      (name) => name.slice(name.lastIndexOf('-') + 1),
    ),
    node: distinct(nodes, (name) => name.slice(prefix)),
  };
}

function distinct(names: readonly string[], shorten: (name: string) => string): (name: string) => string {
  const short = new Set(names.map(shorten));
  return short.size === new Set(names).size && !short.has('') ? shorten : (name) => name;
}

/** How many characters all names begin with, up to a hyphen. */
function sharedPrefix(names: readonly string[]): number {
  const [first = ''] = names;
  const differs = [...first].findIndex((character, index) => names.some((name) => name[index] !== character));
  return first.slice(0, differs === -1 ? first.length : differs).lastIndexOf('-') + 1;
}
