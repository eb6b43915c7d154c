import type { ExperimentFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { armFolder } from './command.ts';

/** A finding that cost the pass, and where its evidence lies. */
export interface Doubt {
  readonly experiment: string;
  /** Absent where it is about the experiment as a whole. */
  readonly arm?: string;
  readonly finding: Finding;
  readonly look: string;
}

const badness: Record<Verdict, number> = { error: 0, fail: 1, inconclusive: 2, pass: 3 };

/** All findings that are not a pass, the worst first. */
export function doubts(findings: RunFindings): Doubt[] {
  return findings.experiments
    .flatMap((experiment) => doubtsOf(findings, experiment))
    .sort((one, other) => badness[one.finding.verdict] - badness[other.finding.verdict]);
}

function doubtsOf(findings: RunFindings, experiment: ExperimentFindings): Doubt[] {
  const ofArms = experiment.arms.flatMap((arm) =>
    notPassed(arm.findings).map((finding) => ({
      experiment: experiment.name,
      arm: arm.name,
      finding,
      look: armFolder(findings.plan, experiment.name, arm.name),
    })),
  );
  const ofExperiment = notPassed(experiment.findings).map((finding) => ({
    experiment: experiment.name,
    finding,
    look: `runs/${findings.plan.run}/${experiment.name}/`,
  }));
  return [...ofArms, ...ofExperiment];
}

const notPassed = (list: readonly Finding[]): Finding[] => list.filter((finding) => finding.verdict !== 'pass');
