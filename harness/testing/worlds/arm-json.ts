import type { ArmFile } from '../../model/arm-file.ts';
import { digestOf } from '../../model/digest.ts';
import type { ArmPlan } from '../../model/plan.ts';

/** The fields of `arm.json` about the run, apart from the plan. */
export type Belonging = Pick<ArmFile, 'run' | 'experiment' | 'cluster' | 'profile'>;

const nowhere: Belonging = { run: 'made-up', experiment: null, cluster: 'the-only-one', profile: null };

const watches = ['pod', 'endpointslice', 'deployment', 'node', 'k8s-event', 'lease', 'api-server'] as const;
/** The kinds of data that every simulated arm records. */
export const recordedOfWorlds = [...watches, 'clock', 'workload', 'requests', 'conntrack'] as const;

const file = (plan: ArmPlan): ArmFile => ({
  schema: 'holdfast.arm/3',
  id: digestOf([plan.namespace, plan.name]),
  ...nowhere,
  recorded: [...recordedOfWorlds, 'signs-of-life', 'iptables-rules'],
  generatorNode: 'control-plane',
  clocks: [],
  plan,
});

/** The text of an arm's `arm.json`. */
export const armJson = (plan: ArmPlan, but: Partial<ArmFile> = {}): string => JSON.stringify({ ...file(plan), ...but });

/** The same text as part of a run. */
export const belongingTo = (text: string, belonging: Belonging): string =>
  JSON.stringify({ ...(JSON.parse(text) as ArmFile), ...belonging });
