import { checkTitle } from '../../harness/model/checks.ts';
import type { ErrorReport } from '../../harness/model/error-code.ts';
import type { ArmFindings, ExperimentFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import type { RunPlan } from '../../harness/model/plan.ts';
import { printableJson } from '../../harness/model/printable.ts';
import { armFolder, repeatCommand } from '../words/command.ts';
import { whereToLook } from '../words/where-to-look.ts';
import type { Report } from './schema.ts';

/** `report.json`: the published, versioned form of a run. `error` is what ended the run early, if it is known. */
export const reportJson = (findings: RunFindings, error?: ErrorReport): string =>
  `${printableJson({ ...report(findings), ...(error && { error }) }, 2)}\n`;

/** The same as a value. */
export function report(findings: RunFindings): Report {
  const { plan } = findings;
  return {
    schema: 'holdfast.report/2',
    verdict: findings.verdict,
    exitCode: findings.exitCode,
    sentence: findings.sentence,
    run: plan.run,
    startedAt: plan.startedAt,
    durationMs: Math.round(findings.durationMs),
    seed: plan.seed,
    command: repeatCommand(plan) ?? [],
    settings: { ...plan.settings },
    holdfast: plan.holdfast,
    host: plan.host,
    lab: {
      ...plan.lab,
      schedulerProfiles: [...plan.lab.schedulerProfiles],
      sysctls: { ...plan.lab.sysctls },
      digests: { ...plan.lab.digests },
    },
    experiments: findings.experiments.map((each) => experiment(each, plan)),
  };
}

const experiment = (of: ExperimentFindings, plan: RunPlan): Report['experiments'][number] => ({
  name: of.name,
  title: of.title,
  verdict: of.verdict,
  sentence: of.sentence,
  strength: of.strength,
  findings: of.findings.map((each) => finding(each, whereToLook(each, plan, `runs/${plan.run}/${of.name}/`))),
  arms: of.arms.map((each) => arm(each, of.name, plan)),
});

const arm = (
  of: ArmFindings,
  experimentName: string,
  plan: RunPlan,
): Report['experiments'][number]['arms'][number] => ({
  name: of.name,
  ...(of.repeats !== undefined && { repeats: of.repeats }),
  role: of.role,
  verdict: of.verdict,
  expected: of.expected,
  measured: of.measured,
  requests: of.requests,
  durationMs: Math.round(of.durationMs),
  phasesMs: Object.fromEntries(Object.entries(of.phasesMs).map(([phase, ms]) => [phase, Math.round(ms)])),
  findings: of.findings.map((each) =>
    finding(each, whereToLook(each, plan, armFolder(plan, experimentName, of.name), of.name)),
  ),
  strength: of.strength ?? '',
  margins: of.margins ?? {},
  ...(of.exposure && { exposure: of.exposure }),
  ...(of.measures && { measures: { ...of.measures, latency: [...of.measures.latency] } }),
});

const finding = (
  { check, of, evidence, look: _, ...rest }: Finding,
  look: string,
): Report['experiments'][number]['findings'][number] => ({
  check,
  ...(of !== undefined && { of }),
  title: checkTitle(check),
  ...rest,
  evidence: evidence.map((line) => ({ ...line })),
  ...(rest.verdict !== 'pass' && { look }),
});
