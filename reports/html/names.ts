import type { ArmStory } from '../../harness/model/finding.ts';

export interface ShortNames {
  pod(name: string): string;
  node(name: string): string;
}

/** The last part of each name where that is enough to tell them apart. */
export function shortNames(story: ArmStory): ShortNames {
  return {
    pod: shortener(story.pods.map(({ pod }) => pod)),
    node: shortener([...new Set([...story.nodes.map(({ node }) => node), ...story.pods.map(({ node }) => node)])]),
  };
}

function shortener(names: readonly string[]): (name: string) => string {
  const last = (name: string) => name.slice(name.lastIndexOf('-') + 1) || name;
  const unique = new Set(names.map(last)).size === new Set(names).size;
  return unique ? last : (name) => name;
}
