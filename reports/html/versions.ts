import type { RunFindings } from '../../harness/model/finding.ts';
import { dateAndTime } from '../words/number.ts';
import { isolated, joined, type Markup, markup, type Part } from './markup/markup.ts';
import { objects } from './objects.ts';
import { settings } from './settings.ts';

type Rows = readonly (readonly [string, Part])[];

/** Versions, seeds, digests, settings and objects: everything that the result depends on. */
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
<h2>Versions, seeds, settings, objects</h2>
<div class="halves"><dl class="facts">${what.map(fact)}</dl><dl class="facts">${how.map(fact)}</dl></div>
${plan.experiments.map((experiment) => [settings(experiment), objects(experiment)])}
</section>`;
}

const fact = ([name, value]: readonly [string, Part]): Markup =>
  markup`<dt>${isolated(name)}</dt><dd>${/^(Run|Seed|Setting|Digest, .*|sysctl)$/.test(name) ? markup`<code>${value}</code>` : value}</dd>`;
