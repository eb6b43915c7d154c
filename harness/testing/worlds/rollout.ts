import type { ArmPlan } from '../../model/plan.ts';
import type { Ms } from '../../model/units.ts';
import { subjectOf } from './about.ts';
import { newPod, oldPods, replaceInTurn, revisions } from './pods.ts';
import type { Dice } from './stories.ts';
import { forever, type Note, type Phases, type Pod, type Rule, type World } from './world.ts';

/** The simulated arm of a rolling update, or of its control. */
export interface RolloutWorld extends World {
  readonly phases: Phases;
}

const warmup = 6000;
const baseline = 8000;
const fault = 11_000;

/** The settings of simulated pods. */
export interface PodSettings {
  readonly readiness: boolean;
  readonly preStopSeconds: number;
  readonly startDelayMs: Ms;
}

/** Three pods on one node. If the plan has a disruption, they are replaced one after another. */
export function rolloutWorld(
  plan: ArmPlan,
  { readiness, preStopSeconds, startDelayMs }: PodSettings,
  { between }: Dice,
): RolloutWorld {
  const old = oldPods(['worker', 'worker', 'worker']).map((pod) => ({
    ...pod,
    lives: [{ boot: 800, listen: 800 + startDelayMs }],
    ready: [{ from: 1100 + startDelayMs, to: forever }],
  }));
  const rolledOut = plan.disruptions.length > 0;
  const fresh = rolledOut
    ? replaceInTurn(old, fault + 120, {
        newPod: (index, created) =>
          newPod(index, created + between(200, 400), { startMs: startDelayMs, node: 'worker', readiness }),
        preStopMs: preStopSeconds * 1000,
        exitsAfter: 3003,
      })
    : [];
  // Their endpoints serve until the pods are deleted: no slice reports their ends before that.
  for (const pod of old) pod.ready = pod.ready.map(({ from }) => ({ from, to: pod.gone ?? forever }));
  const pods = [...old, ...fresh].map((pod) => Object.assign(pod, { uid: `uid-${plan.name}-${pod.name}` }));
  // The watch may report the end of a container up to 0.9 s late, and the deletion of its pod after that.
  const tail = Math.max(fault + 4000, ...pods.map(({ gone }) => gone ?? 0)) + 700;
  const end = tail + 2500;
  return {
    story: plan.says,
    nodes: ['worker'],
    pods,
    end,
    phases: { warmup, baseline, fault, tail, end },
    plan,
    notes: plan.disruptions.flatMap(({ id, fault: { name } }) => notesOf(id, name, old, tail)),
    ...(rolledOut && { rolledOutAt: fault + 60 }),
    rules: rulesOf(old, fresh, between),
    signsOfLife: true,
    sentAfterEnd: 500,
    longPortWalk: true,
  };
}

/**
 * One sync adds each new pod that is ready. The rule of the old pod, which is deleted then, is removed by the next
 * sync.
 */
function rulesOf(old: readonly Pod[], fresh: readonly Pod[], between: Dice['between']): Rule[] {
  const changes = [
    ...fresh.map((pod) => ({ at: (pod.ready[0]?.from ?? forever) + 120, pod })),
    ...old.flatMap((pod) => (pod.deleted === undefined ? [] : [{ at: pod.deleted + between(500, 1100), pod }])),
  ].sort((one, other) => one.at - other.at);
  const rules: Rule[] = [{ at: (old[0]?.ready[0]?.from ?? 0) + 200, pods: old }];
  for (const { at, pod } of changes) {
    const pods = rules.at(-1)?.pods ?? [];
    rules.push({ at, pods: pods.includes(pod) ? pods.filter((each) => each !== pod) : [...pods, pod] });
  }
  return rules;
}

function notesOf(id: string, name: string, old: readonly Pod[], tail: number): Note[] {
  const oldPods = old.map((pod) => pod.name);
  const planned = { owner: { kind: 'Deployment', name: 'web' }, generation: 1, from: revisions.old, oldPods };
  const note = (at: number, type: string, more: object = {}): Note => ({
    at,
    source: 'fault',
    type,
    about: subjectOf(id),
    data: { fault: name, ...more },
  });
  return [note(fault + 5, 'intent', { plan: planned }), note(fault + 20, 'injected'), note(tail - 20, 'landed')];
}
