import { isDeepStrictEqual } from 'node:util';
import type { Demand, Disruption, Expectation, PhaseSettings, Role, TrafficSettings } from './experiment.ts';

/** What an arm's role is held against. */
export interface DeclaredArm {
  readonly name: string;
  readonly role: Role;
  readonly traffic: TrafficSettings | null;
  readonly disruptions: readonly Disruption[];
  readonly expect: Expectation;
  readonly demands: readonly Demand[];
}

/** Why an arm cannot show what its role is there for, as sentences that name it. */
export function flawsOf(arm: DeclaredArm): string[] {
  const { name, role, disruptions } = arm;
  const flaws = [...(disruptions.length > 0 ? disruptedFlaws(arm) : []), ...scheduleFlaws(disruptions)];
  if (role === 'control') {
    if (disruptions.length > 0) flaws.push('it is a control, and something is done to it');
    if (!isQuiet(arm)) flaws.push(`it is a control, and expects ${arm.expect.kind}`);
  } else if (disruptions.length === 0) flaws.push(`it is ${roleWords[role]}, and nothing is done to it`);
  return flaws.map((flaw) => `${name}: ${flaw}`);
}

const roleWords = { treatment: 'a treatment', unprotected: 'an arm without protection' } as const;

/** Placement is asked of pods alone: beside traffic it would hide what requests were lost. */
const isPlacementAlone = ({ expect, traffic }: DeclaredArm): boolean => expect.kind === 'placement' && traffic === null;

const isQuiet = (arm: DeclaredArm): boolean => arm.expect.kind === 'no-loss' || isPlacementAlone(arm);

function disruptedFlaws(arm: DeclaredArm): string[] {
  const { role, expect, demands } = arm;
  if (role === 'treatment' && !isQuiet(arm) && expect.kind !== 'bounded-loss')
    return [`it is a treatment, and expects ${expect.kind}${expect.kind === 'placement' ? ' beside traffic' : ''}`];
  const sees = expect.kind === 'loss' || expect.kind === 'outage' || expect.kind === 'placement' || demands.length > 0;
  if (role === 'unprotected' && !sees)
    return [`it is an arm without protection, and expects ${expect.kind} and demands nothing`];
  return [];
}

/** One injection is found by its name, and may wait for another by it. */
function scheduleFlaws(disruptions: readonly Disruption[]): string[] {
  const ids = disruptions.map(({ id }) => id);
  const twice = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  const lost = disruptions.flatMap(({ id, when }) =>
    'after' in when && (when.after === id || !ids.includes(when.after)) ? [`${id} waits for ${when.after}`] : [],
  );
  return [
    ...twice.map((id) => `several disruptions are called ${id}`),
    ...lost.map((words) => `${words}, which is no other disruption of this arm`),
  ];
}

/** What arms of one experiment may not differ in, as sentences that name two of them. */
export function inequalities(
  arms: readonly {
    readonly name: string;
    readonly traffic: TrafficSettings | null;
    readonly phases: PhaseSettings;
  }[],
): string[] {
  const [first] = arms;
  if (!first) return [];
  return (['traffic', 'phases'] as const).flatMap((what) => {
    const other = arms.find((arm) => !isDeepStrictEqual(arm[what], first[what]));
    return other ? [`${first.name} and ${other.name} differ in their ${what}`] : [];
  });
}
