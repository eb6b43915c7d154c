import type { RunPlan } from '../../model/plan.ts';

const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
/** Absolute paths of a host, as they get into messages. */
const hostPath = /(?<![\w.:/])\/(?:home|root|tmp|var|work|opt|srv|mnt|Users|private)(?:\/[\w.@+-]+)+/g;
/** Nodes of our own lab are called after it. */
const labNode = /^holdfast-(?:control-plane\d*|worker\d*)$/;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Takes out of a recording's text what tells of a machine and not of what happened on it: names of nodes that are not
 * our lab's, identifiers, paths. The same thing gets the same new name everywhere.
 */
export class Scrubber {
  readonly #ids = new Map<string, string>();
  readonly #nodes: ReadonlyMap<string, string>;
  readonly #anyNode: RegExp | undefined;

  constructor(nodes: Iterable<string>) {
    const others = [...new Set(nodes)].filter((node) => node !== '' && !labNode.test(node)).sort();
    this.#nodes = new Map(others.map((node, index) => [node, `node-${index + 1}`]));
    const longestFirst = others.toSorted((one, other) => other.length - one.length).map(escaped);
    this.#anyNode = others.length > 0 ? new RegExp(`(?<![\\w.-])(?:${longestFirst.join('|')})(?![\\w-])`, 'g') : undefined;
  }

  text(text: string): string {
    const plain = text.replace(uuid, (id) => this.#id(id)).replace(hostPath, '/scrubbed');
    return this.#anyNode ? plain.replace(this.#anyNode, (node) => this.#nodes.get(node) ?? node) : plain;
  }

  #id(uuid: string): string {
    const known = this.#ids.get(uuid) ?? `id-${this.#ids.size + 1}`;
    this.#ids.set(uuid, known);
    return known;
  }
}

const majorMinor = (version: string): string => /^\d+\.\d+/.exec(version)?.[0] ?? '';

/** The run's plan without the machine, and with these arms only. */
export function scrubPlan(plan: RunPlan, keep: (arm: string) => boolean): RunPlan {
  const { holdfast, host, lab } = plan;
  const experiments = plan.experiments
    .map((each) => ({ ...each, arms: each.arms.filter(({ name }) => keep(name)) }))
    .filter(({ arms }) => arms.length > 0);
  return {
    ...plan,
    command: ['./holdfast', 'run', ...experiments.map(({ name }) => name)],
    holdfast: { ...holdfast, commit: '0'.repeat(40), dirty: false },
    host: { ...host, memoryBytes: Math.round(host.memoryBytes / 2 ** 30) * 2 ** 30, kernel: majorMinor(host.kernel) },
    lab: { ...lab, engine: lab.engine.split(',')[0] ?? '', kernel: majorMinor(lab.kernel), digests: {} },
    experiments,
  };
}
