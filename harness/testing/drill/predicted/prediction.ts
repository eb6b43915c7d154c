import type { Cause } from '../../../model/cause.ts';
import { type CheckKey, checkKey } from '../../../model/checks.ts';
import type { ArmFindings, Finding } from '../../../model/finding.ts';
import type { Verdict } from '../../../model/verdict.ts';

/** The expected result of an arm, written before the arm runs. */
export interface Prediction {
  readonly verdict: Verdict;
  /** Exactly the checks that must not pass. The first one must explain why. */
  readonly doubted: readonly CheckKey[];
  /** Checks that may or may not pass. */
  readonly mayDoubt?: readonly CheckKey[];
  /** Must match the measured text or the evidence of the first check in `doubted`. */
  readonly says?: readonly RegExp[];
  /** Must not match the measured text of this check. */
  readonly saysNot?: RegExp;
  /** The number of failed requests after the warm-up, and their possible causes. */
  readonly failed: { readonly causes: readonly Cause[]; readonly atLeast: number; readonly atMost: number };
  /** Explains the expected result in one sentence. */
  readonly because: string;
}

export const nothingFailed: Prediction['failed'] = { causes: [], atLeast: 0, atMost: 0 };

const doubtsOf = ({ findings }: ArmFindings): Finding[] => findings.filter(({ verdict }) => verdict !== 'pass');

/** The differences between an arm and its prediction, as sentences. Empty if there are none. */
export function differences(
  { verdict, doubted, mayDoubt = [], says = [], saysNot, failed }: Prediction,
  arm: ArmFindings,
): string[] {
  const found: string[] = [];
  if (arm.verdict !== verdict) found.push(`it came to ${arm.verdict}`);
  const doubts = doubtsOf(arm);
  const names = doubts.map(checkKey);
  const missing = doubted.filter((check) => !names.includes(check));
  const predicted: readonly string[] = [...doubted, ...mayDoubt];
  const others = names.filter((check) => !predicted.includes(check));
  if (missing.length > 0) found.push(`not doubted: ${missing.join(', ')}`);
  if (others.length > 0) found.push(`doubted, too: ${others.join(', ')}`);
  const first = doubts.find((doubt) => checkKey(doubt) === doubted[0]);
  const why = first ? [first.measured, ...first.evidence.map(({ text }) => text)].join('; ') : '';
  for (const each of says) if (!each.test(why)) found.push(`it does not say ${each.source}`);
  if (saysNot?.test(first?.measured ?? '')) found.push(`it says ${saysNot.source}`);
  const { requests } = arm;
  if (requests.failed < failed.atLeast || requests.failed > failed.atMost) found.push(`${requests.failed} failed`);
  const strange = Object.entries(requests.byCause).filter(
    ([cause, count]) => count > 0 && !failed.causes.some((each) => each === cause),
  );
  for (const [cause, count] of strange) found.push(`${count} failed for ${cause}`);
  return found;
}

export function predictedInWords({ verdict, doubted, mayDoubt = [], says = [], failed }: Prediction): string {
  const { causes, atLeast, atMost } = failed;
  const many = atLeast === atMost ? `${atMost}` : `${atLeast} to ${atMost}`;
  return [
    verdict,
    ...(doubted.length > 0 ? [`doubted by ${doubted.join(', ')}`] : []),
    ...(mayDoubt.length > 0 ? [`perhaps by ${mayDoubt.join(', ')}`] : []),
    ...says.map(({ source }) => `says ${source}`),
    `${many} failed${causes.length > 0 ? ` for ${causes.join(', ')}` : ''}`,
  ].join('; ');
}

export function seenInWords(arm: ArmFindings): string {
  const { total, failed, byCause } = arm.requests;
  const causes = Object.entries(byCause).flatMap(([cause, count]) => (count > 0 ? [`${count} ${cause}`] : []));
  return [
    arm.verdict,
    ...doubtsOf(arm).map((doubt) => `${checkKey(doubt)}: ${doubt.measured}`),
    `${failed} of ${total} failed${causes.length > 0 ? `: ${causes.join(', ')}` : ''}`,
  ].join('; ');
}
