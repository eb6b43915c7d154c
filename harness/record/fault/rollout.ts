import { z } from 'zod';
import { type RolloutPlan, rolledOut, rolledOutOrStuck, type StuckPlan } from '../../witness/rollout.ts';
import { deploymentRef, versionPatch } from './deployment.ts';
import type { NamespaceFault } from './fault.ts';
import { nextVersion, planRollout, rolloutFields } from './rollout-plan.ts';

const params = z.strictObject({
  /** Whether it must get to its end, or find no room for its first new pod until its time limit. */
  finishes: z.boolean().default(true),
  timeLimitMs: z.int().positive().default(20_000),
});

const withItsNamespace = 'with the namespace, which is deleted after the arm';

/** A new version of the workload: its template's version label changes, so every pod is replaced. */
export const rollout: NamespaceFault<StuckPlan, z.infer<typeof params>> = {
  name: 'rollout',
  touches: 'namespace',
  does: 'changes the version in the template of the Deployment, so that every pod is replaced',
  faithfulTo: 'kubectl set image, or a new release',
  undone: withItsNamespace,
  params,
  planned: z.strictObject({ ...rolloutFields, finishes: z.boolean(), timeLimitMs: z.number() }),
  recorded: z.object({ ...rolloutFields, finishes: z.boolean(), timeLimitMs: z.number() }),
  plan: async (context, chosen) => ({ ...(await planRollout(context, nextVersion)), ...chosen }),
  async inject({ kube, namespace }, { deployment, to }) {
    await kube.patch(deploymentRef(namespace, deployment), versionPatch(to));
  },
  async heal() {},
  landed: rolledOutOrStuck,
};

/** The same version again: every pod is replaced all the same. */
export const restart: NamespaceFault<RolloutPlan, Record<string, never>> = {
  name: 'restart',
  touches: 'namespace',
  does: 'sets the restart annotation in the template of the Deployment, so that every pod is replaced by an equal one',
  faithfulTo: 'kubectl rollout restart',
  undone: withItsNamespace,
  params: z.strictObject({}),
  planned: z.strictObject(rolloutFields),
  recorded: z.object(rolloutFields),
  plan: (context) => planRollout(context, (from) => from),
  async inject({ kube, namespace }, { deployment }) {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    await kube.patch(deploymentRef(namespace, deployment), { spec: { template: { metadata: { annotations } } } });
  },
  async heal() {},
  landed: rolledOut,
};
