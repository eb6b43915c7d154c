import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Cause } from '../../model/cause.ts';
import type { ProxyMode } from '../../model/cluster.ts';
import { digestOf } from '../../model/digest.ts';
import type { Demand } from '../../model/experiment.ts';
import { experimentIdentity } from '../../model/experiment-identity.ts';
import type { ArmPlan, RunPlan } from '../../model/plan.ts';
import { type Belonging, belongingTo } from './arm-json.ts';
import type { Files } from './files.ts';
import { objectsOf, plannedWorkload, preStopOf, readinessOf, usualLab } from './planned-workload.ts';
import { type PodSettings, type RolloutWorld, rolloutWorld } from './rollout.ts';
import { diceOf, recordingOf } from './tell.ts';
import type { Sent } from './traffic.ts';

const rates = { freshPerSecond: 50, keptAlivePerSecond: 20, timeoutMs: 2000 };

interface ArmSettings extends Omit<PodSettings, 'startDelayMs'> {
  readonly role: ArmPlan['role'];
  readonly rollout: boolean;
  readonly expect: ArmPlan['expect'];
}

const noLoss = { kind: 'no-loss' } as const;
const loss = (atLeast: number, ...causes: Cause[]) => ({ kind: 'loss' as const, atLeast, causes });
const protectedBy = { rollout: true, readiness: true, preStopSeconds: 2, expect: noLoss };

/** The arms of a rolling update. */
export const armSettings = {
  control: { ...protectedBy, role: 'control', rollout: false },
  treatment: { ...protectedBy, role: 'treatment' },
  'readiness-only': {
    ...protectedBy,
    role: 'unprotected',
    preStopSeconds: 0,
    expect: loss(10, 'terminated-still-routed'),
  },
  'pre-stop-only': { ...protectedBy, role: 'unprotected', readiness: false, expect: loss(10, 'not-listening-yet') },
  neither: {
    role: 'unprotected',
    rollout: true,
    readiness: false,
    preStopSeconds: 0,
    expect: loss(30, 'not-listening-yet', 'terminated-still-routed'),
  },
} as const satisfies { readonly [name: string]: ArmSettings };

/** A recorded arm, and its true events. */
export interface SyntheticArm {
  readonly plan: ArmPlan;
  readonly world: RolloutWorld;
  readonly requests: readonly Sent[];
  readonly files: Files;
}

export interface ArmOptions {
  readonly seed?: number;
  readonly jitterMs?: number;
  /** Adds requests with known causes, and may change the simulated arm for them. */
  readonly more?: (world: RolloutWorld) => Sent[];
  readonly demands?: readonly Demand[];
  /** The number of the run of this arm. From 2 on, it is a repeat. */
  readonly run?: number;
  /** The mode of the lab's kube-proxy. The plan of the run must have the same. */
  readonly proxyMode?: ProxyMode;
}

export function syntheticArm(name: string, settings: ArmSettings, options: ArmOptions = {}): SyntheticArm {
  const { seed = 1, jitterMs = 10, more = () => [], demands = [], run = 1, proxyMode = 'iptables' } = options;
  const { rollout, readiness, preStopSeconds } = settings;
  const startDelayMs = 1500;
  const plan: ArmPlan = {
    name: run === 1 ? name : `${name}-${run}`,
    ...(run > 1 && { repeats: name }),
    role: settings.role,
    says: `readiness ${readiness}, preStop ${preStopSeconds} s`,
    namespace: `hf-${name}`,
    workload: plannedWorkload({ readiness: readinessOf(readiness), preStop: preStopOf(preStopSeconds) }, startDelayMs),
    lab: usualLab,
    traffic: { ...rates, from: 'control-plane' },
    phases: { warmupMs: 2000, baselineMs: 3000, quietMs: 4000, tailMs: 2500 },
    disruptions: rollout
      ? [{ id: 'update', when: { atMs: 0 }, fault: { name: 'rollout', params: {} }, limitMs: 60_000 }]
      : [],
    expect: settings.expect,
    demands,
  };
  const dice = diceOf(seed);
  const world: RolloutWorld = {
    ...rolloutWorld(plan, { readiness, preStopSeconds, startDelayMs }, dice),
    tellsRules: proxyMode,
  };
  const added = more(world);
  const recorders = { skewMs: 0, lateMs: jitterMs, readLateMs: 0, random: dice.random };
  const { files, sent } = recordingOf(world, recorders, added);
  return { plan, world, requests: sent, files };
}

export const syntheticPlan = (arms: readonly ArmPlan[], proxyMode: ProxyMode = 'iptables'): RunPlan => ({
  schema: 'holdfast.plan/2',
  run: '20261118T112000Z-rolling-update',
  startedAt: '2026-11-18T11:20:00.000Z',
  command: ['./holdfast', 'run', 'rolling-update'],
  seed: '1',
  settings: {},
  deadlineMs: 900_000,
  holdfast: { version: '0.1.0', commit: '0'.repeat(40), dirty: false },
  host: { cores: 2, memoryBytes: 8e9, kernel: '6.18', node: '24.21.0' },
  lab: {
    imageSource: 'built',
    kubernetes: 'v1.37.0',
    kind: 'v0.33.0',
    k6: 'v1.8.1',
    containerd: 'v2',
    engine: 'docker',
    kernel: '6.18',
    cgroup: 'v1',
    cni: 'ptp',
    proxyMode,
    proxyMinSyncPeriod: '1s',
    nodeTimings: 'fast',
    schedulerProfiles: ['default'],
    sysctls: {},
    digests: {},
  },
  experiments: [
    {
      name: 'rolling-update',
      title: 'A rolling update loses no request',
      question: 'Does it?',
      claims: ['C19'],
      objects: objectsOf({ preStop: preStopOf(protectedBy.preStopSeconds) }),
      arms,
    },
  ],
});

/** The seconds between the starts of two arms of a run. */
const armSeconds = 120;

/** All files of a run with these arms, which were recorded one after another. */
export function runFiles(arms: readonly SyntheticArm[], proxyMode: ProxyMode = 'iptables'): Files {
  const run = syntheticPlan(
    arms.map(({ plan }) => plan),
    proxyMode,
  );
  const belonging = belongingOf(run);
  const files: Files = { 'plan.json': [JSON.stringify(run)] };
  for (const [index, { plan, files: own }] of arms.entries()) {
    for (const [path, lines] of Object.entries(own))
      files[`rolling-update/${plan.name}/${path}`] = lines.map((line) =>
        path === 'arm.json' ? belongingTo(line, belonging) : later(line, index * armSeconds),
      );
  }
  return files;
}

/** The fields about the run in the arms' own files, for a run with one experiment. */
export function belongingOf({ run, lab, experiments: [experiment] }: RunPlan): Belonging {
  assert.ok(experiment);
  return { run, experiment: experimentIdentity(experiment), cluster: 'the-only-one', profile: digestOf(lab) };
}

/** Adds seconds to all times of a line of any file: whole microseconds, or seconds with six decimals. */
export const later = (line: string, seconds: number): string =>
  line
    .replace(/"(at|epoch|end)":(1\d{15})/g, (_, key, at) => `"${key}":${Number(at) + seconds * 1e6}`)
    .replace(/^(\[?)(\d{10})(?=\.\d{6})/, (_, open, whole) => `${open}${Number(whole) + seconds}`);

/** Writes files into a temporary folder, which is removed after `use`. */
export async function withFolder<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-judge-'));
  try {
    const paths = Object.keys(files).map((path) => join(folder, path));
    for (const parent of new Set(paths.map(dirname))) mkdirSync(parent, { recursive: true });
    for (const [path, lines] of Object.entries(files))
      writeFileSync(join(folder, path), lines.length > 0 ? `${lines.join('\n')}\n` : '');
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
