import type { ArmFindings, Margins } from '../../harness/model/finding.ts';
import { armOf } from '../../harness/model/plan.ts';
import { severity } from '../../harness/model/verdict.ts';
import { margins } from './margin.ts';

/** An arm and its repeats as one. */
export interface Runs {
  readonly name: string;
  readonly runs: readonly ArmFindings[];
  readonly total: number;
  readonly failed: number;
  readonly byCause: { readonly [cause: string]: number };
  /** The first run with the worst verdict. Its details are shown. */
  readonly worst: ArmFindings;
}

/** Arms with their repeats, in the order of the first run of each. */
export function groupedRepeats(arms: readonly ArmFindings[]): Runs[] {
  const groups = new Map<string, ArmFindings[]>();
  for (const arm of arms) groups.set(armOf(arm), [...(groups.get(armOf(arm)) ?? []), arm]);
  return [...groups].flatMap(([name, runs]): Runs[] => {
    const [worst] = runs.toSorted((one, other) => severity[other.verdict] - severity[one.verdict]);
    if (!worst) return [];
    const byCause: { [cause: string]: number } = {};
    for (const { requests } of runs)
      for (const [cause, count] of Object.entries(requests.byCause)) byCause[cause] = (byCause[cause] ?? 0) + count;
    const sum = (what: 'total' | 'failed') => runs.reduce((all, { requests }) => all + requests[what], 0);
    return [{ name, runs, total: sum('total'), failed: sum('failed'), byCause, worst }];
  });
}

/** Each arm once: its worst run, with the requests and the smallest margins of all its runs. */
export const mergedRepeats = (arms: readonly ArmFindings[]): ArmFindings[] =>
  groupedRepeats(arms).map(({ name, runs, total, failed, byCause, worst }) => {
    if (runs.length === 1) return worst;
    const unattributed = runs.reduce((sum, { requests }) => sum + requests.unattributed, 0);
    const says = `${worst.says} (${runs.length} runs; the details are of the worst)`;
    const requests = { ...worst.requests, total, failed, byCause, unattributed };
    return { ...worst, name, says, requests, margins: closest(runs) };
  });

/** The worst run of each arm, because a chart shows only one. */
export const worstRuns = (arms: readonly ArmFindings[]): ArmFindings[] =>
  groupedRepeats(arms).map(({ worst }) => worst);

/** The smallest margins of several arms. */
export function closest(arms: readonly ArmFindings[]): Margins {
  const all = arms.map(margins);
  const smallest = <Margin>(of: (each: Margins) => Margin | undefined, size: (margin: Margin) => number) =>
    all
      .flatMap((each) => of(each) ?? [])
      .toSorted((one, other) => size(one) - size(other))
      .at(0);
  const ofPods = (kind: 'close' | 'listen' | 'grace') =>
    smallest(
      (each) => each[kind],
      ({ smallestMs }) => smallestMs,
    );
  const [close, listen, grace] = [ofPods('close'), ofPods('listen'), ofPods('grace')];
  const budget = smallest(
    (each) => each.budget,
    (margin) => margin.smallest,
  );
  return { ...(close && { close }), ...(listen && { listen }), ...(grace && { grace }), ...(budget && { budget }) };
}
