import { checkKey } from '../../harness/model/checks.ts';
import type { EvidenceLine, ExperimentFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import { severity } from '../../harness/model/verdict.ts';

/** A finding that prevented a pass. */
export interface Doubt {
  readonly experiment: string;
  /** Absent if it is about the whole experiment. Several names if it is the same for several arms. */
  readonly arm?: string;
  readonly finding: Finding;
  /** The part of the run's folder that holds its evidence. */
  readonly part: string;
}

/** The findings that prevented a pass, the worst first. */
export function doubts(findings: RunFindings): Doubt[] {
  return findings.experiments
    .flatMap((experiment) => doubtsOf(experiment))
    .sort((one, other) => severity[other.finding.verdict] - severity[one.finding.verdict]);
}

function doubtsOf(experiment: ExperimentFindings): Doubt[] {
  const ofArms = experiment.arms.flatMap((arm) =>
    notPassed(arm.findings).map((finding) => ({
      experiment: experiment.name,
      arm: arm.name,
      finding,
      part: `${experiment.name}/${arm.name}/`,
    })),
  );
  const ofExperiment = notPassed(experiment.findings).map((finding) => ({
    experiment: experiment.name,
    finding,
    part: `${experiment.name}/`,
  }));
  return [...mergeEqual(ofArms), ...ofExperiment];
}

const same = ({ finding: one }: Doubt, { finding: other }: Doubt): boolean =>
  checkKey(one) === checkKey(other) &&
  one.measured === other.measured &&
  one.evidence.length + other.evidence.length === 0;

/** Merges equal findings of several arms that have no evidence of their own. */
function mergeEqual(all: readonly (Doubt & { readonly arm: string })[]): Doubt[] {
  return all.flatMap((doubt) => {
    const alike = all.filter((other) => other === doubt || same(doubt, other));
    if (alike[0] !== doubt) return [];
    if (alike.length === 1) return [doubt];
    const { look: _, ...finding } = doubt.finding;
    return [{ ...doubt, finding, arm: alike.map(({ arm }) => arm).join(', '), part: `${doubt.experiment}/` }];
  });
}

/** If there is an error, other doubts follow from it, because nothing could be measured. */
function notPassed(list: readonly Finding[]): Finding[] {
  const errors = list.filter(({ verdict }) => verdict === 'error');
  return errors.length > 0 ? errors : list.filter(({ verdict }) => verdict !== 'pass');
}

/** The first evidence that is not the measured value itself. */
export const firstEvidence = ({ measured, evidence }: Finding): EvidenceLine | undefined =>
  evidence.find(({ text }) => !measured.includes(text));
