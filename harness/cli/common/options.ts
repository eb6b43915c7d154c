import { Argument, InvalidArgumentError, Option } from 'commander';
import { defaultClusterName } from '../../../clusters/cluster/state.ts';
import { type Claim, mostRuns } from '../../model/claim.ts';
import { type ProxyMode, proxyModes } from '../../model/cluster.ts';
import type { Ms } from '../../model/units.ts';
import { UsageError } from '../../model/usage-error.ts';
import { settingKeys } from '../../plan/settings.ts';

const units: { readonly [unit: string]: Ms } = { s: 1000, m: 60_000, h: 3_600_000 };

const longest: Ms = 24 * 3_600_000;

/** Parses `90s`, `5m` or `1h` into milliseconds; at most one day. */
export function duration(text: string): Ms {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  const found = match && unit ? Number(match[1]) * unit : 0;
  if (found > 0 && found <= longest) return found;
  throw new InvalidArgumentError('Expected a duration such as 90s, 5m or 1h, at most 24h.');
}

export function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

/** From 1 to `mostRuns`. */
function runs(text: string): number {
  const found = count(text);
  if (found < 1 || found > mostRuns) throw new InvalidArgumentError(`Expected a whole number from 1 to ${mostRuns}.`);
  return found;
}

/** Parses `95%:5%`: with 95% confidence, at most 5% of the trials are bad. */
export function claim(text: string): Claim {
  const [, sure, bad] = /^(\d+(?:\.\d+)?)%:(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  const [confidence, share] = [Number(sure) / 100, Number(bad) / 100];
  if (confidence >= 0.5 && confidence <= 0.999 && share > 0 && share <= 0.5) return { confidence, share };
  throw new InvalidArgumentError('Expected a confidence (50% to 99.9%) and a share (at most 50%), such as 95%:5%.');
}

/** An option in the units that are typed, such as `60m`. */
export const durationOption = (flags: string, description: string, otherwise?: string) => {
  const option = new Option(flags, description).argParser(duration);
  return otherwise === undefined ? option : option.default(duration(otherwise), otherwise);
};

export const jsonOption = (description = 'Print the result as JSON.') => new Option('--json', description);

export const jsonReportOption = (more = '') => jsonOption(`Print only the JSON report on stdout.${more}`);

export const experimentsArgument =
  'Names of experiments, or paths of your own files or folders. Without any: the default set.';

export const runWords = 'Id or folder of a run, or latest.';

export const runArgument = () => new Argument('[run]', runWords).default('latest', 'latest');

export const repeatOption = () =>
  new Option(
    '--repeat <times>',
    'Run every arm that has disruptions this many times, and judge its runs together.',
  ).argParser(runs);

export const untilOption = () =>
  new Option(
    '--until <confidence:share>',
    'Repeat the treatment arms until one fails or the claim holds. 95%:5% claims, at 95% confidence, that at most 5% of disruptions cause a failure.',
  ).argParser(claim);

/** The name of a lab cluster; nodes, a network and folders are named after it. */
export function clusterName(text: string): string {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(text)) {
    throw new InvalidArgumentError(
      'Expected at most 20 lower-case letters, digits and dashes, starting with a letter.',
    );
  }
  return text;
}

export const list = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** `--set`, with the names of all settings. */
export const setOption = (description: string) =>
  new Option(
    '--set <key=value>',
    `${description} Repeatable. Settings: ${settingKeys.join(', ')}. The built-in workload also has startDelay, readyDelay, requestsPerConnection, drain, work, dependency.`,
  )
    .argParser<string[]>(list)
    .default([]);

/** `--set` of commands that plan several arms. */
export const setOfArmsOption = () =>
  setOption('Change a setting in all arms (preStop=3) or in one arm (treatment.preStop=none).');

export const clusterOption = () =>
  new Option('--cluster <name>', 'Name of the lab cluster.').argParser(clusterName).default(defaultClusterName);

export const contextOption = () =>
  new Option('--context <name>', 'Use this context of your kubeconfig instead of the lab.');

/** The flags for a cluster that holdfast did not create. Both are needed, so that none is used by accident. */
export const contextOptions = () => [
  contextOption().conflicts(['cluster', 'set', 'runs']),
  new Option('--i-know-this-cluster', 'Confirm that you may disturb the workload behind --context.'),
];

export interface ContextChoices {
  readonly context?: string;
  readonly iKnowThisCluster?: boolean;
}

/** Throws `UsageError` if only one of --context and --i-know-this-cluster is given. */
export function assertKnown({ context, iKnowThisCluster }: ContextChoices): void {
  if (context === undefined && iKnowThisCluster)
    throw new UsageError('--i-know-this-cluster needs a cluster: add --context NAME');
  if (context !== undefined && !iKnowThisCluster)
    throw new UsageError(
      `context ${context} is not a cluster that holdfast created. If you may disturb its workloads, add --i-know-this-cluster`,
    );
}

export const runsOption = () =>
  new Option('--runs <folder>', 'Folder for recorded runs. (default: $HOLDFAST_RUNS or runs/)');

/** The settings of a lab if no flag sets others. */
export const labDefaults = {
  image: 'auto',
  kubernetes: '1.37',
  nodeTimings: 'fast',
  proxyMode: 'iptables',
} as const satisfies Partial<LabChoices>;

/** The flags of every command that may create a lab. */
export const labOptions = () => [
  new Option(
    '--image <source>',
    'Node image: pull it (stock), build it (built), or build it if it cannot be pulled (auto).',
  )
    .choices(['auto', 'stock', 'built'])
    .default(labDefaults.image),
  new Option('--kubernetes <minor>', 'Kubernetes release.').default(labDefaults.kubernetes),
  new Option(
    '--node-timings <profile>',
    'How soon a dead node is noticed: after 16 s (fast), or after 50 s as in Kubernetes (defaults).',
  )
    .choices(['fast', 'defaults'])
    .default(labDefaults.nodeTimings),
  new Option('--proxy-mode <mode>', 'Mode of kube-proxy.').choices([...proxyModes]).default(labDefaults.proxyMode),
  new Option('--no-install', 'Do not install missing packages. Print their names and exit.'),
  new Option('--yes', 'Answer yes to every question: install packages, or inject a fault with --context.'),
];

export interface LabChoices {
  readonly image: 'auto' | 'stock' | 'built';
  readonly kubernetes: string;
  readonly nodeTimings: 'fast' | 'defaults';
  readonly proxyMode: ProxyMode;
  readonly install: boolean;
  readonly yes?: boolean;
}
