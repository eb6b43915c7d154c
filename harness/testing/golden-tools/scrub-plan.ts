import type { ArmFile } from '../../model/arm-file.ts';
import { digestOf } from '../../model/digest.ts';
import type { ArmPlan, RunPlan } from '../../model/plan.ts';
import { UsageError } from '../../model/usage-error.ts';
import { catalogue } from '../../record/fault/catalogue.ts';
import { armFile } from '../../recording/arm-file-schema.ts';
import { upgradeArm } from '../../recording/upgrade/arm.ts';
import { scrubWorkload } from './scrub-workload.ts';

/** The fields of a plan that are kept. All other fields describe the machine, or were added by somebody else. */
const armFields = {
  lab: ['busyWorkers', 'scheduler'],
  traffic: ['freshPerSecond', 'keptAlivePerSecond', 'timeoutMs', 'from'],
  phases: ['warmupMs', 'baselineMs', 'quietMs', 'tailMs'],
} as const satisfies { readonly [part in keyof ArmPlan]?: readonly (keyof NonNullable<ArmPlan[part]>)[] };

/** Only these fields of an object. Fields that are missing stay missing. */
const only = <T extends object, Key extends keyof T>(whole: T, keys: readonly Key[]): Pick<T, Key> =>
  Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(whole, key) ? [[key, whole[key]]] : []))) as Pick<T, Key>;

/** Only the parameters of a fault that the catalogue defines. */
function faultOf({ name, params }: ArmPlan['disruptions'][number]['fault']): ArmPlan['disruptions'][number]['fault'] {
  const checked = catalogue.get(name)?.params.safeParse(params);
  const known = checked?.success ? Object.keys(checked.data as object) : [];
  return { name, params: only(params, known) };
}

/**
 * An arm's plan, reduced to known fields. The arm's own file and the run's plan are reduced in the same way, because
 * the judge compares them.
 */
export const scrubArm = (arm: ArmPlan): ArmPlan => ({
  ...only(arm, ['name', 'repeats', 'role', 'says', 'namespace', 'expect', 'demands']),
  workload: scrubWorkload(arm.workload),
  lab: only(arm.lab, armFields.lab),
  traffic: arm.traffic && only(arm.traffic, armFields.traffic),
  phases: only(arm.phases, armFields.phases),
  disruptions: arm.disruptions.map((each) => ({
    ...only(each, ['id', 'when', 'until', 'limitMs']),
    fault: faultOf(each.fault),
  })),
});

/** Replaces a random name. Equal names stay equal. */
const pseudonym = (name: string | null): string | null => name && digestOf(name);

/**
 * The same for the text of an arm's own file, as part of the scrubbed run `as`. `of` is the run that it was recorded in.
 * Throws UsageError if it contains no plan; `where` is its path. Fields that its recorder did not write stay null.
 */
export function scrubArmText(
  text: string,
  where: string,
  { of, as }: { readonly of: RunPlan; readonly as: Pick<ArmFile, 'run' | 'experiment' | 'profile'> },
): string {
  const parsed = armFile.safeParse(upgradeArm(JSON.parse(text), { run: of }));
  if (!parsed.success) throw new UsageError(`${where} contains no plan of an arm`);
  const { schema, id, run, experiment, cluster, profile, recorded, generatorNode, clocks, plan } = parsed.data;
  const scrubbed: ArmFile = {
    schema,
    id: pseudonym(id),
    run: run && as.run,
    experiment: experiment && as.experiment,
    cluster: pseudonym(cluster),
    profile: profile && as.profile,
    recorded,
    generatorNode,
    clocks: clocks.map(({ node, offsetMicros, errorMicros }) => ({ node, offsetMicros, errorMicros })),
    plan: scrubArm(plan),
  };
  return JSON.stringify(scrubbed);
}

/** The number at the start of a version, such as `v1.37.2` or `20.10.24`. Empty if there is none. */
const version = (text: string, parts = 4): string =>
  new RegExp(`^v?\\d{1,5}(?:\\.\\d{1,5}){0,${parts - 1}}`).exec(text)?.[0] ?? '';

/** The text if it is in the list, otherwise empty. */
const oneOf = (text: string, known: readonly string[]): string => (known.includes(text) ? text : '');

/** Name and version of the engine, such as `Docker 20.10.24`, without storage driver and other details. */
const engine = (text: string): string => /^docker(?: \d{1,5}(?:\.\d{1,5}){0,3})?/i.exec(text)?.[0] ?? '';

const labSysctl = /^net\.netfilter\.nf_conntrack_[a-z_]{1,40}$/;
const schedulers = ['default-scheduler', 'no-spread'];

/** Such as `20261122T232151Z-rolling-update`. */
function runId(startedAt: string, experiments: RunPlan['experiments']): string {
  const [first] = experiments;
  const what = experiments.length === 1 && first ? first.name : `${experiments.length}-experiments`;
  return `${startedAt.replace(/[-:]/g, '').slice(0, 15)}Z-${what}`;
}

/** The run's plan with these arms only, without data about the machine and without text that a user typed. */
export function scrubPlan(plan: RunPlan, keep: (arm: string) => boolean): RunPlan {
  const { holdfast, host, lab } = plan;
  const experiments = plan.experiments
    .map((each) => ({
      ...only(each, ['name', 'title', 'question', 'until']),
      objects: null,
      claims: each.claims.filter((claim) => /^C\d{1,3}$/.test(claim)),
      arms: each.arms.filter(({ name }) => keep(name)).map(scrubArm),
    }))
    .filter(({ arms }) => arms.length > 0);
  const started = new Date(plan.startedAt);
  const startedAt = (Number.isNaN(started.getTime()) ? new Date(0) : started).toISOString();
  return {
    schema: plan.schema,
    run: runId(startedAt, experiments),
    startedAt,
    command: ['./holdfast', 'run', ...experiments.map(({ name }) => name)],
    seed: /^[0-9a-f]{8}$/.test(plan.seed) ? plan.seed : '0',
    settings: {},
    deadlineMs: plan.deadlineMs,
    holdfast: { version: version(holdfast.version, 3), commit: '0'.repeat(40), dirty: false },
    host: {
      cores: host.cores,
      memoryBytes: Math.round(host.memoryBytes / 2 ** 30) * 2 ** 30,
      kernel: version(host.kernel, 2),
      node: version(host.node, 3),
    },
    lab: {
      imageSource: lab.imageSource,
      kubernetes: version(lab.kubernetes, 3),
      kind: version(lab.kind, 3),
      k6: version(lab.k6, 3),
      containerd: version(lab.containerd, 3),
      engine: engine(lab.engine),
      kernel: version(lab.kernel, 2),
      cgroup: version(lab.cgroup, 1),
      cni: oneOf(lab.cni.split(',')[0] ?? '', ['ptp', 'kindnet']),
      proxyMode: oneOf(lab.proxyMode, ['iptables', 'nftables', 'ipvs']),
      proxyMinSyncPeriod: /^\d{1,5}m?s$/.exec(lab.proxyMinSyncPeriod)?.[0] ?? '',
      nodeTimings: oneOf(lab.nodeTimings, ['fast', 'defaults']),
      schedulerProfiles: lab.schedulerProfiles.filter((profile) => schedulers.includes(profile)),
      sysctls: Object.fromEntries(
        Object.entries(lab.sysctls).filter(([name, value]) => labSysctl.test(name) && /^\d{1,6}$/.test(value)),
      ),
      digests: {},
    },
    experiments,
  };
}
