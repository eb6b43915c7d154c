import { randomUUID } from 'node:crypto';
import type { ArmFile, Recordable } from '../model/arm-file.ts';
import { digestOf } from '../model/digest.ts';
import type { ArmPlan } from '../model/plan.ts';
import type { Lab } from './lab/lab.ts';

/** What the recorder of an arm sets out to record. */
const recordedOf = ({ traffic, workload }: ArmPlan, proxyMode: string): readonly Recordable[] => [
  'pod',
  'endpointslice',
  'deployment',
  'node',
  'k8s-event',
  'lease',
  ...(workload.budget ? (['budget'] as const) : []),
  'api-server',
  'signs-of-life',
  'clock',
  'processor-users',
  'workload',
  ...(traffic ? (['requests', 'conntrack'] as const) : []),
  ...(traffic && proxyMode === 'iptables' ? (['iptables-rules'] as const) : []),
  ...(traffic && proxyMode === 'nftables' ? (['nftables-rules'] as const) : []),
];

/** What `arm.json` says of an arm that is recorded now. The clocks of the nodes are not measured yet. */
export const armFile = (
  plan: ArmPlan,
  { id: run, experiment, lab }: { readonly id: string; readonly experiment: string; readonly lab: Lab },
): ArmFile => ({
  schema: 'holdfast.arm/2',
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
