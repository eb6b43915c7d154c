import { type Cause, causeOrder, causes } from '../../model/cause.ts';
import type { EvidenceLine, Phase } from '../../model/finding.ts';
import { count, counted } from '../../model/number-words.ts';
import type { ArmEvidence, Failure } from '../arm/arm-evidence.ts';
import { type Measure, mostEvidence } from './check.ts';

/** Selects failures; all of them if it is empty. */
export interface Which {
  readonly during?: readonly Phase[];
  readonly of?: readonly Cause[];
}

export const selected = ({ failures }: ArmEvidence, { during, of }: Which): Failure[] =>
  failures.filter(({ phase, cause }) => (during?.includes(phase) ?? true) && (of?.includes(cause) ?? true));

/** Measures how many requests failed, with the first of them as evidence. */
export const failedRequests =
  (which: Which) =>
  (evidence: ArmEvidence): Measure => {
    const found = selected(evidence, which);
    return {
      value: found.length,
      words: `${counted(found.length, 'failed request')}${found.length > 0 ? `: ${byCauseInWords(found)}` : ''}`,
      evidence: firstInWords(found),
      since: found[0]?.request.start,
    };
  };

/** What happened to the first failed requests. */
export const firstInWords = (failures: readonly Failure[]): EvidenceLine[] =>
  failures
    .slice(0, mostEvidence)
    .map((failure) => ({ at: failure.request.start, text: `${failure.request.id} ${failure.why().words}` }));

export function byCause(failures: readonly Failure[]): { [cause in Cause]?: number } {
  const counts: { [cause in Cause]?: number } = {};
  for (const { cause } of failures) counts[cause] = (counts[cause] ?? 0) + 1;
  return counts;
}

/** `302 not listening yet, 9 killed in flight`, in the order of the taxonomy. */
export function byCauseInWords(failures: readonly Failure[]): string {
  const counts = byCause(failures);
  return causeOrder
    .filter((cause) => counts[cause] !== undefined)
    .map((cause) => `${count(counts[cause] ?? 0)} ${causes[cause].name}`)
    .join(', ');
}
