import { isDeepStrictEqual } from 'node:util';
import type { Demand, Disruption, Expectation, PhaseSettings, Role, TrafficSettings } from './experiment.ts';
import { type Ms, seconds } from './units.ts';

/** The parts of an arm that its role restricts. */
export interface DeclaredArm {
  readonly name: string;
  readonly role: Role;
  readonly traffic: TrafficSettings | null;
  readonly phases: PhaseSettings;
  readonly disruptions: readonly Disruption[];
  readonly expect: Expectation;
  readonly demands: readonly Demand[];
}

/** The reasons why an arm cannot show what its role demands, as sentences that start with its name. */
export function flawsOf(arm: DeclaredArm): string[] {
  const { name, role, disruptions } = arm;
  const flaws = [
    ...(disruptions.length > 0 ? disruptedFlaws(arm) : []),
    ...scheduleFlaws(disruptions),
    ...lengthFlaws(arm),
  ];
  if (role === 'control') {
    if (disruptions.length > 0) flaws.push('it is a control arm, but it has disruptions');
    if (!isQuiet(arm)) flaws.push(`it is a control arm, but it expects ${arm.expect.kind}`);
  } else if (disruptions.length === 0) flaws.push(`it is ${roleWords[role]}, but it has no disruption`);
  return flaws.map((flaw) => `${name}: ${flaw}`);
}

const roleWords = { treatment: 'a treatment arm', unprotected: 'an unprotected arm' } as const;

/** Placement is judged only without traffic, because it would hide the requests that were lost. */
const isPlacementAlone = ({ expect, traffic }: DeclaredArm): boolean => expect.kind === 'placement' && traffic === null;

const isQuiet = (arm: DeclaredArm): boolean => arm.expect.kind === 'no-loss' || isPlacementAlone(arm);

function disruptedFlaws(arm: DeclaredArm): string[] {
  const { role, expect, demands } = arm;
  if (role === 'treatment' && expect.kind === 'bounded-loss') return boundFlaws(expect);
  if (role === 'treatment' && !isQuiet(arm))
    return [
      `it is a treatment arm, but it expects ${expect.kind}${expect.kind === 'placement' ? ' although it has traffic' : ''}`,
    ];
  const sees = expect.kind === 'loss' || expect.kind === 'outage' || expect.kind === 'placement' || demands.length > 0;
  if (role === 'unprotected' && !sees)
    return [`it is an unprotected arm, but it expects ${expect.kind} and has no demand`];
  return [];
}

/** A bound that cannot be exceeded shows nothing, and neither does a failure that is not caused by the workload. */
function boundFlaws({ causes, afterwards, shareAtMost }: Extract<Expectation, { kind: 'bounded-loss' }>): string[] {
  const strange = [...causes, ...afterwards].filter((cause) => cause === 'unattributed' || cause === 'generator-fault');
  return [
    ...(shareAtMost >= 1 ? ['it allows the loss of every request in a window'] : []),
    ...strange.map((cause) => `it allows losses with the cause ${cause}, which shows nothing about the workload`),
  ];
}

/**
 * With traffic, a phase that is too short shows nothing about the time before or after the fault, or about a quiet lab.
 */
function lengthFlaws({ traffic, phases, disruptions }: DeclaredArm): string[] {
  if (!traffic) return [];
  const least: { readonly [phase in 'baselineMs' | 'quietMs' | 'tailMs']: Ms } = {
    baselineMs: seconds(1),
    quietMs: disruptions.length > 0 ? 0 : seconds(1),
    tailMs: seconds(0.5),
  };
  return (['baselineMs', 'quietMs', 'tailMs'] as const).flatMap((phase) =>
    phases[phase] < least[phase] ? [`its ${phase} is ${phases[phase]}, but it must be at least ${least[phase]}`] : [],
  );
}

/** The ids of disruptions must be unique, and a disruption can only wait for another one in its arm. */
function scheduleFlaws(disruptions: readonly Disruption[]): string[] {
  const ids = disruptions.map(({ id }) => id);
  const twice = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  const lost = disruptions.flatMap(({ id, when }) =>
    'after' in when && (when.after === id || !ids.includes(when.after)) ? [`${id} waits for ${when.after}`] : [],
  );
  return [
    ...twice.map((id) => `several disruptions have the id ${id}`),
    ...lost.map((words) => `${words}, but this arm has no other disruption with that id`),
  ];
}

/** The differences between arms of one experiment that are not allowed, as sentences that name two arms. */
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
