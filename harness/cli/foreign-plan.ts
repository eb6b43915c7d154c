import type { Disruption } from '../model/experiment.ts';
import { counted, plainSeconds } from '../model/number-words.ts';
import { printable } from '../model/printable.ts';
import type { Json } from '../model/units.ts';
import { faultNamed } from '../record/fault/catalogue.ts';
import type { ForeignIdentity } from '../record/foreign/identity.ts';
import type { Target } from '../record/target/find-target.ts';

export interface ForeignPlan {
  readonly identity: ForeignIdentity;
  readonly target: Target;
  readonly disruption: Disruption;
  /** The plan of the fault, with its targets. */
  readonly plan: Json;
}

/** The plan of an injection into another cluster: what is done, to which pods, for how long, and how it is undone. */
export function foreignPlanText({ identity, target, disruption, plan }: ForeignPlan): string {
  const { fault, until, limitMs } = disruption;
  const { namespace, owner, replicas, service, services, pods } = target;
  const chosen = services.length > 1 ? ` (the first by name of ${services.join(', ')})` : '';
  const held = until && 'ms' in until ? `, and then for ${plainSeconds(until.ms)}` : '';
  const lines: readonly (readonly [string, string])[] = [
    ['context', identity.context],
    ['server', identity.server],
    ['authority', `sha256 ${identity.caSha256}`],
    ['kube-system', identity.kubeSystemUid],
    ['namespace', namespace],
    [
      owner.kind.toLowerCase(),
      `${owner.name}, ${counted(replicas, 'replica')} behind service ${service.name}${chosen}`,
    ],
    ['pods', pods.map(({ name, node }) => `${name} (${node})`).join(', ')],
    ['does', faultNamed(fault.name).does],
    ['to', inWords(plan)],
    ['lasts', `until it was observed to take effect, at most ${plainSeconds(limitMs)}${held}`],
    [
      'undone',
      'patches are undone, unless someone else changes the same field in the meantime; controllers replace removed pods',
    ],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return [fault.name, ...lines.map(([name, words]) => `  ${name.padEnd(width)}  ${printable(words)}`), ''].join('\n');
}

/** Plain data on one line. */
function inWords(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(inWords).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  // Only the origin of a template is printed, never its content.
  if ('replicaSet' in value) return `of revision ${value.revision} (ReplicaSet ${value.replicaSet})`;
  if ('name' in value) return 'kind' in value ? `${value.kind} ${value.name}` : String(value.name);
  return Object.entries(value)
    .map(([key, item]) => `${key} ${inWords(item)}`)
    .join(' · ');
}
