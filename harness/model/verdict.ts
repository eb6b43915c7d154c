/**
 * The result of a check, an arm, an experiment or a run. `error`: holdfast or the lab failed, and nothing was judged.
 */
export type Verdict = 'pass' | 'inconclusive' | 'fail' | 'error';

/** How bad each verdict is; a higher number is worse. */
export const severity: Record<Verdict, number> = { pass: 0, inconclusive: 1, fail: 2, error: 3 };

/** The worst of the verdicts; inconclusive if there are none. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict | undefined;
  for (const verdict of verdicts) {
    if (result === undefined || severity[verdict] > severity[result]) result = verdict;
  }
  return result ?? 'inconclusive';
}

/** The exit codes of every command. */
export const exitCodes = { pass: 0, fail: 1, usage: 2, inconclusive: 3, error: 4, interrupted: 130 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
