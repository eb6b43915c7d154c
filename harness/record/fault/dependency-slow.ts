import { z } from 'zod';
import type { Ms } from '../../model/units.ts';
import type { V1Pod } from '../../sys/kube.ts';
import type { DependencySlowPlan } from '../../witness/dependency.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenSlow } from './causes.ts';
import { dependencyOf } from './dependency.ts';
import { type LabContext, type LabFault, NoTarget } from './fault.ts';
import { podsOfOwner } from './owner.ts';

const params = z.strictObject({
  delayMs: z.int().min(100).max(30_000).default(2000).describe('how long to delay each request'),
});
const target = z.strictObject({ name: z.string(), node: z.string(), ip: z.ipv4() });
type Target = z.infer<typeof target>;
type SlowPlan = DependencySlowPlan & { readonly pods: readonly Target[] };

/** The control port of the proxy in front of the dependency (experiments/workloads/specimen/lag.ts). */
const controlPort = 9090;
/** After this time the proxy ends the delay by itself. */
const proxyLimitMs: Ms = 900_000;

const setLag = ({ lab, signal }: LabContext, { node, ip }: Target, delayMs: number) => {
  const ask = ['curl', '--silent', '--show-error', '--fail', '--max-time', '5', '--request', 'POST'];
  const url = `http://${ip}:${controlPort}/delay/${delayMs}`;
  return lab.onNode(node, [...ask, url], { signal, timeoutMs: 10_000 });
};

/** Delays the answers of the dependency of the workload. */
export const dependencySlow = builderOf<LabFault<SlowPlan, typeof params, DependencySlowPlan>>({
  name: 'dependency-slow',
  touches: 'nodes',
  does: 'delays everything that is sent to the dependency of the workload, with a proxy',
  standsFor: 'an overloaded or distant database: connections are accepted, but answers are late',
  undone: 'removes the delay; the proxy also removes it after 15 minutes',
  endsByItselfMs: proxyLimitMs,
  causes: ['http-error', ...whenSlow],
  example: { params: { delayMs: 1500 }, set: ['dependency=on'] },
  params,
  planned: z.strictObject({ pods: z.array(target), delayMs: z.number() }),
  recorded: z.object({ pods: z.array(z.object({ name: z.string(), node: z.string() })), delayMs: z.number() }),
  async plan(context, { delayMs }) {
    const found = await podsOfOwner(context, await dependencyOf(context));
    const pods = found.flatMap(({ metadata, spec, status }) => {
      const pod = target.safeParse({ name: metadata?.name, node: spec?.nodeName, ip: status?.podIP }).data;
      return pod ? [pod] : [];
    });
    if (pods.length === 0) throw new NoTarget('the dependency of the workload has no pod');
    return { pods, delayMs };
  },
  async inject(context, { pods, delayMs }) {
    await Promise.all(pods.map((pod) => setLag(context, pod, delayMs)));
  },
  async heal(context, { pods }) {
    for (const pod of pods) {
      const ref = { apiVersion: 'v1', kind: 'Pod', name: pod.name, namespace: context.namespace };
      // A pod that was replaced has no delay.
      const now = await context.kube.read<V1Pod>(ref);
      if (now?.status?.podIP === pod.ip && now.status.phase === 'Running') await setLag(context, pod, 0);
    }
  },
  landed: witnesses['dependency-slow'],
});
