import type { Facts } from '../../harness/model/facts.ts';
import type { Manifest, Manifests } from '../../harness/model/manifest.ts';
import type { ArmPlan, ExperimentPlan, PlannedWorkload } from '../../harness/model/plan.ts';

const lifecycle = { preStop: { sleep: { seconds: 5 } } };

/** A Deployment of three replicas and its Service, with the preStop hook of its container if it has one. */
const objectsOf = (hooks: { readonly lifecycle?: typeof lifecycle }): Manifests => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas: 3, template: { spec: { containers: [{ name: 'server', image: 'web', ...hooks }] } } },
  } as Manifest,
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' } } } as Manifest,
];

const facts: Facts = {
  replicas: 3,
  strategy: { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 },
  readiness: { server: { httpGet: { path: '/ready', port: 8080 } } },
  preStop: { server: { sleepSeconds: 5 } },
  grace: 30,
  budget: [],
  antiAffinity: [],
};

const workload: PlannedWorkload = {
  name: 'shop',
  owner: { kind: 'Deployment', name: 'web' },
  container: 'server',
  service: 'web',
  changes: [],
  options: {
    startDelay: { value: 3000, words: 'listens 3 s after its start' },
    workMs: { value: 0 },
  },
  facts,
  objects: objectsOf({ lifecycle }),
  changedForLab: [
    { object: 'all objects', field: 'metadata.namespace', why: 'each arm has a namespace of its own' },
    { object: 'Deployment web', field: 'spec.template.spec.containers[server].image', why: 'the lab has no registry' },
  ],
};

const control: ArmPlan = {
  name: 'control',
  role: 'control',
  says: 'the workload as it is',
  namespace: 'holdfast-shop-control',
  workload,
  lab: { busyWorkers: 0, scheduler: 'default-scheduler' },
  traffic: { freshPerSecond: 40, keptAlivePerSecond: 20, timeoutMs: 2000, from: 'control-plane' },
  phases: { warmupMs: 5000, baselineMs: 10_000, quietMs: 30_000, tailMs: 10_000 },
  disruptions: [],
  expect: { kind: 'no-loss' },
  demands: [],
};

/** One arm without the preStop hook, and one that differs from the workload in nothing. */
export const planWithObjects: ExperimentPlan = {
  name: 'shop-rollout',
  title: 'A rolling update of the shop',
  question: 'Does a rolling update lose requests?',
  claims: [],
  objects: workload.objects,
  arms: [
    {
      ...control,
      name: 'without-hook',
      role: 'unprotected',
      says: 'no preStop hook',
      workload: {
        ...workload,
        changes: [{ without: 'preStop' }],
        facts: { ...facts, preStop: {} },
        objects: objectsOf({}),
      },
    },
    control,
    { ...control, name: 'control-2', repeats: 'control' },
  ],
};

/** The plan with another workload in one of its arms. */
export const withWorkload = (
  plan: ExperimentPlan,
  name: string,
  change: (workload: PlannedWorkload) => PlannedWorkload,
): ExperimentPlan => ({
  ...plan,
  arms: plan.arms.map((arm) => (arm.name === name ? { ...arm, workload: change(arm.workload) } : arm)),
});
