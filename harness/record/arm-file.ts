import { randomUUID } from 'node:crypto';
import type { ArmFile, Recordable } from '../model/arm-file.ts';
import { digestOf } from '../model/digest.ts';
import type { ArmPlan } from '../model/plan.ts';
import type { Lab } from './lab/lab.ts';

/** The kinds of evidence that the recorder collects for an arm. */
const recordedOf = ({ traffic, workload }: ArmPlan, proxyMode: string): readonly Recordable[] => [
  'pod',
  'endpointslice',
  'deployment',
  'statefulset',
  'node',
  'k8s-event',
  'lease',
  ...(workload.facts.budget.length > 0 ? (['budget'] as const) : []),
  'api-server',
  'signs-of-life',
  'clock',
  'processor-users',
  'workload',
  ...(traffic ? (['requests', 'conntrack'] as const) : []),
  ...(traffic && proxyMode === 'iptables' ? (['iptables-rules'] as const) : []),
  ...(traffic && proxyMode === 'nftables' ? (['nftables-rules'] as const) : []),
];

/** The content of `arm.json` at the start of an arm. The clocks of the nodes are not measured yet. */
export const armFile = (
  plan: ArmPlan,
  { id: run, experiment, lab }: { readonly id: string; readonly experiment: string; readonly lab: Lab },
): ArmFile => ({
  schema: 'holdfast.arm/3',
  id: randomUUID(),
  run,
  experiment,
  cluster: lab.info.identity.kubeSystemUid,
  profile: digestOf(lab.info.profile),
  recorded: recordedOf(plan, lab.info.profile.proxyMode),
  generatorNode: lab.generator.name,
  clocks: [],
  plan,
});
