import type { ArmFile, Recordable } from '../../model/arm-file.ts';
import type { RunPlan } from '../../model/plan.ts';
import type { Identities } from './identities.ts';
import { type Fields, isObject } from './object.ts';
import { upgradeArmPlan } from './plan.ts';

type RunOfArm = Pick<RunPlan, 'startedAt' | 'lab'>;

/** The run that an arm is read as part of. */
interface OfRun {
  readonly run?: RunOfArm | undefined;
  /** The identities of its experiments. */
  readonly identities?: Identities | undefined;
}

const newest = 'holdfast.arm/3';
/** The plan in it is of holdfast.plan/1. */
const withSettings = 'holdfast.arm/2';

/** The schemas of `arm.json` that this version reads, the newest first. holdfast.arm/1 has no schema. */
export const readableArms: readonly string[] = [newest, withSettings];

/** Upgrades `arm.json` to the current schema. A file without a schema is holdfast.arm/1: only the plan of the arm. */
export const upgradeArm = (value: unknown, { run, identities }: OfRun): unknown => {
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, 'schema')) {
    const identity = identities?.get(value.experiment as string);
    const file = { ...value, ...(identity !== undefined && { experiment: identity }) };
    return value.schema === withSettings ? { ...file, schema: newest, plan: upgradeArmPlan(value.plan) } : file;
  }
  const unknown = {
    id: null,
    run: null,
    experiment: null,
    cluster: null,
    profile: null,
    generatorNode: null,
    clocks: [],
  };
  const file: { [field in keyof ArmFile]: unknown } = {
    schema: newest,
    ...unknown,
    recorded: recordedBy(value, run),
    plan: upgradeArmPlan(value),
  };
  return file;
};

const since = { 'iptables-rules': '2026-11-24T23:18:13Z', 'signs-of-life': '2026-11-28T09:58:21Z' } as const;

/**
 * The kinds of evidence that the recorders of holdfast.arm/1 collected. They added kinds over time but did not record
 * which.
 */
function recordedBy(plan: Fields, run: RunOfArm | undefined): Recordable[] {
  const startedAt = Date.parse(run?.startedAt ?? '');
  const isSince = (what: keyof typeof since): Recordable[] => (startedAt >= Date.parse(since[what]) ? [what] : []);
  // Leases and the API server are watched since plans have the field `budget`.
  const saysOfABudget = isObject(plan.workload) && plan.workload.budget !== undefined;
  return [
    'pod',
    'endpointslice',
    'deployment',
    'node',
    'k8s-event',
    ...(saysOfABudget ? (['lease', 'api-server'] as const) : []),
    ...isSince('signs-of-life'),
    'clock',
    'workload',
    ...(plan.traffic ? (['requests', 'conntrack'] as const) : []),
    ...(plan.traffic && run?.lab.proxyMode === 'iptables' ? isSince('iptables-rules') : []),
  ];
}
