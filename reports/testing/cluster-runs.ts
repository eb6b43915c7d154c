import type { ArmFindings, RunFindings } from '../../harness/model/finding.ts';
import type { ArmPlan } from '../../harness/model/plan.ts';
import { recorded, withArms } from './recorded.ts';

/** A drain of one node that runs all three replicas. The budget allows one eviction at a time. There is no traffic. */
export const drainRun = (): Promise<RunFindings> => recorded('drain-budget-held');

/** A power cut on a node that runs one replica, or all of them. */
export const nodeLossRun = (): Promise<RunFindings> => recorded('node-loss-spread');

/** A rollout, a drain and the loss of a node at the same time. */
export const compoundRun = (): Promise<RunFindings> => recorded('compound-outage');

/** Two recordings without traffic: replicas on three nodes and one replica without a node, and replicas on one node. */
export const placementRun = async (): Promise<RunFindings> =>
  placements(await recorded('drain-budget-blocked'), await drainRun());

function placements(apart: RunFindings, together: RunFindings): RunFindings {
  const [one, other] = [named(apart, 'apart'), named(together, 'together')];
  const [experiment] = apart.plan.experiments;
  if (!experiment) throw new Error('the recording has no experiment');
  const plan = { ...experiment, arms: [one.plan, { ...other.plan, role: 'unprotected' as const }] };
  return withArms(apart, plan, [withoutNode(one.arm), { ...other.arm, role: 'unprotected' }]);
}

/** The only arm of a run, with another name. */
function named(run: RunFindings, name: string): { readonly plan: ArmPlan; readonly arm: ArmFindings } {
  const plan = run.plan.experiments[0]?.arms[0];
  const arm = run.experiments[0]?.arms[0];
  if (!plan || !arm) throw new Error('the recording has no arm');
  return { plan: { ...plan, name }, arm: { ...arm, name } };
}

/** The arm with a pod for which the scheduler found no node. */
function withoutNode(arm: ArmFindings): ArmFindings {
  const { story } = arm;
  if (!story) throw new Error('the arm has no story');
  const pod = 'web-66499d6564-zz8fn';
  const at = story.zero + 150_000;
  const { revision = '', version = '' } = story.pods[0] ?? {};
  const waiting = { pod, node: '', revision, version, endpoint: [], listening: [] };
  const reason =
    "0/5 nodes are available: 1 node(s) had untolerated taint(s), 4 node(s) didn't match pod anti-affinity rules. No preemption victims found for incoming pod.";
  return {
    ...arm,
    story: {
      ...story,
      pods: [...story.pods, { ...waiting, bar: [{ state: 'pending', from: at }] }],
      unscheduled: [{ at, pod, reason }],
    },
  };
}
