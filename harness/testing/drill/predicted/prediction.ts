import type { Cause } from '../../../model/cause.ts';
import { type CheckKey, checkKey } from '../../../model/checks.ts';
import type { ArmFindings, Finding } from '../../../model/finding.ts';
import type { Verdict } from '../../../model/verdict.ts';

/** The expected result of an arm, written before the arm runs. */
export interface Prediction {
  readonly verdict: Verdict;
  /** Exactly the checks that must not pass. */
  readonly doubted: readonly CheckKey[];
  /** Checks that may or may not pass. */
  readonly mayDoubt?: readonly CheckKey[];
  /** When the first check in `doubted` found its problem. */
  readonly arose?: NonNullable<Finding['arose']>;
  /** The number of disrupted pods, and how many of them at most got requests of each kind. */
  readonly exposed?: { readonly pods: number; readonly atMost: number };
  /** The number of failed requests after the warm-up, and their possible causes. */
  readonly failed: { readonly causes: readonly Cause[]; readonly atLeast: number; readonly atMost: number };
  /** Explains the expected result in one sentence. */
  readonly because: string;
}

export const nothingFailed: Prediction['failed'] = { causes: [], atLeast: 0, atMost: 0 };

const doubtsOf = ({ findings }: ArmFindings): Finding[] => findings.filter(({ verdict }) => verdict !== 'pass');

/** The differences between an arm and its prediction, as sentences. Empty if there are none. */
export function differences(
  { verdict, doubted, mayDoubt = [], arose, exposed, failed }: Prediction,
  arm: ArmFindings,
): string[] {
  const found: string[] = [];
  if (arm.verdict !== verdict) found.push(`the verdict is ${arm.verdict}`);
  const doubts = doubtsOf(arm);
  const names = doubts.map(checkKey);
  const missing = doubted.filter((check) => !names.includes(check));
  const predicted: readonly string[] = [...doubted, ...mayDoubt];
  const others = names.filter((check) => !predicted.includes(check));
  if (missing.length > 0) found.push(`passed: ${missing.join(', ')}`);
  if (others.length > 0) found.push(`did not pass: ${others.join(', ')}`);
  const first = doubts.find((doubt) => checkKey(doubt) === doubted[0]);
  if (arose !== undefined && first && first.arose !== arose) found.push(`${checkKey(first)} arose ${first.arose}`);
  const { requests, exposure = { pods: 0, exposed: 0 } } = arm;
  if (exposed && (exposure.pods !== exposed.pods || exposure.exposed > exposed.atMost))
    found.push(`${exposure.exposed} of ${exposure.pods} pods exposed`);
  if (requests.failed < failed.atLeast || requests.failed > failed.atMost) found.push(`${requests.failed} failed`);
  const strange = Object.entries(requests.byCause).filter(
    ([cause, count]) => count > 0 && !failed.causes.some((each) => each === cause),
  );
  for (const [cause, count] of strange) found.push(`${count} failed for ${cause}`);
  return found;
}

export function predictedInWords({ verdict, doubted, mayDoubt = [], arose, exposed, failed }: Prediction): string {
  const { causes, atLeast, atMost } = failed;
  const many = atLeast === atMost ? `${atMost}` : `${atLeast} to ${atMost}`;
  return [
    verdict,
    ...(doubted.length > 0 ? [`${doubted.join(', ')} not passed`] : []),
    ...(mayDoubt.length > 0 ? [`perhaps ${mayDoubt.join(', ')} not passed`] : []),
    ...(arose === undefined ? [] : [`${doubted[0]} arose ${arose}`]),
    ...(exposed ? [`at most ${exposed.atMost} of ${exposed.pods} pods exposed`] : []),
    `${many} failed${causes.length > 0 ? ` for ${causes.join(', ')}` : ''}`,
  ].join('; ');
}

export function seenInWords(arm: ArmFindings): string {
  const { exposure } = arm;
  const { total, failed, byCause } = arm.requests;
  const causes = Object.entries(byCause).flatMap(([cause, count]) => (count > 0 ? [`${count} ${cause}`] : []));
  return [
    arm.verdict,
    ...doubtsOf(arm).map((doubt) => `${checkKey(doubt)}: ${doubt.measured}`),
    ...(exposure ? [`${exposure.exposed} of ${exposure.pods} pods exposed`] : []),
    `${failed} of ${total} failed${causes.length > 0 ? `: ${causes.join(', ')}` : ''}`,
  ].join('; ');
}
