import { type Facts, factsOf } from '../../harness/model/facts.ts';
import type { RunFindings } from '../../harness/model/finding.ts';
import { budgetInWords } from '../../harness/model/in-words.ts';
import type { ArmPlan, ExperimentPlan } from '../../harness/model/plan.ts';
import { dateAndTime } from '../words/number.ts';
import { isolated, joined, type Markup, markup, type Part } from './markup/markup.ts';

type Rows = readonly (readonly [string, Part])[];

/** Versions, seeds, digests and settings: everything that the result depends on. */
export function versions(findings: RunFindings): Markup {
  const { plan } = findings;
  const { lab, host } = plan;
  const what: Rows = [
    [
      'holdfast',
      markup`${isolated(plan.holdfast.version)}, commit ${isolated(plan.holdfast.commit.slice(0, 12))}${plan.holdfast.dirty ? ', with uncommitted changes' : ''}`,
    ],
    ['Kubernetes', markup`${isolated(lab.kubernetes)}, ${lab.imageSource} image, kind ${isolated(lab.kind)}`],
    ['kube-proxy', markup`${isolated(lab.proxyMode)}, minSyncPeriod ${isolated(lab.proxyMinSyncPeriod)}`],
    ['Scheduler', joined(lab.schedulerProfiles.map(isolated), ', ')],
    ['Node timings', lab.nodeTimings],
    ['k6', lab.k6],
    ['Runtime', markup`containerd ${isolated(lab.containerd)}, ${isolated(lab.cni)}`],
    ['Engine', lab.engine],
    ['cgroup', lab.cgroup],
    ...Object.entries(lab.sysctls).map(
      ([name, value]) => ['sysctl', markup`${isolated(name)} = ${isolated(value)}`] as const,
    ),
  ];
  const how: Rows = [
    ['Run', plan.run],
    ['Seed', plan.seed],
    ...Object.entries(plan.settings).map(
      ([name, value]) => ['Setting', markup`${isolated(name)}=${isolated(value)}`] as const,
    ),
    ['Started', dateAndTime(plan.startedAt)],
    ['Judged', dateAndTime(findings.judgedAt)],
    [
      'Host',
      markup`${host.cores} cores, ${(host.memoryBytes / 2 ** 30).toFixed(0)} GiB, Linux ${isolated(host.kernel)}, Node ${isolated(host.node)}`,
    ],
    ...plan.experiments.map(
      ({ arms }) =>
        [
          'Order of arms',
          joined(
            arms.map(({ name }) => isolated(name)),
            ', ',
          ),
        ] as const,
    ),
    ...Object.entries(lab.digests).map(([name, digest]) => [`Digest, ${name}`, digest] as const),
  ];
  return markup`
<section id="versions">
<h2>Versions, seeds, settings</h2>
<div class="halves"><dl class="facts">${what.map(fact)}</dl><dl class="facts">${how.map(fact)}</dl></div>
${plan.experiments.map(knobs)}
</section>`;
}

const fact = ([name, value]: readonly [string, Part]): Markup =>
  markup`<dt>${isolated(name)}</dt><dd>${/^(Run|Seed|Setting|Digest, .*|sysctl)$/.test(name) ? markup`<code>${value}</code>` : value}</dd>`;

const surgeInWords = ({ strategy }: Facts): string =>
  strategy.type === 'RollingUpdate' ? `${strategy.maxSurge} / ${strategy.maxUnavailable}` : strategy.type;

const budgetOf = ({ budget }: Facts): string => (budget ? budgetInWords(budget) : 'none');

const apartInWords = ({ antiAffinity }: Facts): string =>
  antiAffinity ? `${antiAffinity.strength} by ${antiAffinity.over}` : 'none';

const knobRows: readonly (readonly [string, (arm: ArmPlan) => string])[] = [
  ['replicas', (arm) => String(factsOf(arm).replicas)],
  ['maxSurge / maxUnavailable', (arm) => surgeInWords(factsOf(arm))],
  ['readiness probe', (arm) => (factsOf(arm).readiness ? 'yes' : 'no')],
  ['preStop sleep', (arm) => (factsOf(arm).preStopSeconds > 0 ? `${factsOf(arm).preStopSeconds} s` : 'none')],
  ['grace period', (arm) => `${factsOf(arm).graceSeconds} s`],
  ['listens after', ({ workload }) => `${workload.startDelayMs / 1000} s`],
  ['ready after that', ({ workload }) => (workload.readyDelayMs ? `${workload.readyDelayMs / 1000} s` : 'at once')],
  ['requests a connection', ({ workload }) => String(workload.requestsPerConnection || 'any number')],
  ['on SIGTERM', ({ workload }) => workload.drain],
  ['disruption budget', (arm) => budgetOf(factsOf(arm))],
  ['anti-affinity', (arm) => apartInWords(factsOf(arm))],
  ['scheduler', (arm) => factsOf(arm).scheduler],
  ['busy workers', ({ workload }) => String(workload.busyWorkers)],
  [
    'requests/s',
    ({ traffic }) =>
      traffic ? `${traffic.freshPerSecond} fresh, ${traffic.keptAlivePerSecond} kept alive` : 'no traffic',
  ],
  ['time-out', ({ traffic }) => (traffic ? `${traffic.timeoutMs / 1000} s` : '–')],
];

const knobs = (experiment: ExperimentPlan): Markup => markup`<h3>Settings: ${isolated(experiment.name)}</h3>
<div class="wide"><table class="knobs"><thead><tr><th>Arm</th>${knobRows.map(([name]) => markup`<th>${name}</th>`)}</tr></thead>
<tbody>${experiment.arms
  .filter(({ repeats }) => repeats === undefined)
  .map(
    (arm) => markup`<tr><td>${arm.name}</td>${knobRows.map(([, value]) => markup`<td>${value(arm)}</td>`)}</tr>`,
  )}</tbody></table></div>`;
