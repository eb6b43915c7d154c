import type { Manifest } from '../../model/manifest.ts';
import type { PlannedWorkload } from '../../model/plan.ts';
import { armPlanWith } from './by-hand.ts';
import { type Damages, type Edit, type Edits, noticedBy, oneAfterAnother, phaseStart, withEvent } from './edit.ts';

const workloadWith = (change: (workload: PlannedWorkload) => object): Edit =>
  armPlanWith((plan) => {
    const workload = plan.workload as PlannedWorkload;
    return { ...plan, workload: { ...workload, ...change(workload) } };
  });

const objectsWith = (change: (objects: readonly Manifest[]) => readonly unknown[]): Edit =>
  workloadWith(({ objects }) => ({ objects: change(objects ?? []) }));

/** Replaces text in the objects of this kind. */
const inObjects = (kind: string, from: string | RegExp, to: string): Edit =>
  objectsWith((objects) =>
    objects.map((object) =>
      object.kind === kind ? (JSON.parse(JSON.stringify(object).replace(from, to)) as Manifest) : object,
    ),
  );

const budget = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'web' },
  spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
};

const ofOtherPods = {
  ...budget,
  metadata: { name: 'other' },
  spec: { ...budget.spec, selector: { matchLabels: { app: 'other' } } },
};

/** Plans whose facts are not those of their objects. */
export const factDamages: Damages = noticedBy('as-planned', {
  'objects with another number of replicas': inObjects('Deployment', '"replicas":3', '"replicas":4'),
  'objects with another strategy': inObjects('Deployment', '"maxSurge":1', '"maxSurge":2'),
  'objects without a readiness probe': inObjects('Deployment', /"readinessProbe":.*?"failureThreshold":1\},?/, ''),
  'objects with a longer preStop sleep': inObjects('Deployment', '"seconds":2', '"seconds":5'),
  'objects with another grace period': inObjects('Deployment', 'GracePeriodSeconds":30', 'GracePeriodSeconds":60'),
  'objects with a budget that the facts do not have': objectsWith((objects) => [...objects, budget]),
  'objects without the owner': objectsWith((objects) => objects.filter(({ kind }) => kind !== 'Deployment')),
  'objects with a strategy that the API refuses': inObjects('Deployment', '"maxSurge":1', '"maxSurge":"all"'),
  'facts with a sleep that the objects do not have': workloadWith(({ facts }) => ({
    facts: { ...facts, preStop: { server: { sleepSeconds: 1 } } },
  })),
});

/** Plans that do not contradict themselves. */
export const unusualFacts: Edits = {
  'objects that were not recorded': workloadWith(() => ({ objects: null })),
  'a fact that only later versions know': workloadWith(({ facts }) => ({ facts: { ...facts, whatComesLater: 7 } })),
  'objects that only later versions know': objectsWith((objects) => [
    ...objects,
    { apiVersion: 'later/v1', kind: 'Later', metadata: { name: 'x' }, spec: 7 },
  ]),
  'a field that was changed for the lab': workloadWith(() => ({
    changedForLab: [
      { object: 'Deployment web', field: 'spec.template.spec.schedulerName', why: 'the lab has a profile of its own' },
    ],
  })),
  'a budget for other pods': oneAfterAnother(
    objectsWith((objects) => [...objects, ofOtherPods]),
    withEvent((files) => phaseStart(files, 'warmup') + 1000, {
      source: 'budget',
      type: 'added',
      subject: 'uid-of-the-other-budget',
      kind: 'PodDisruptionBudget',
      name: 'other',
      data: { desiredHealthy: 1, currentHealthy: 2, expectedPods: 2, disruptionsAllowed: 1 },
    }),
  ),
};
