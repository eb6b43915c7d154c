import { isDeepStrictEqual } from 'node:util';
import type { BudgetState } from '../../model/event.ts';
import type { BudgetLane } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';

/** A disruption budget’s status until its next one. */
export interface BudgetStatus {
  readonly name: string;
  readonly at: Micros;
  readonly state: BudgetState;
}

/** The statuses of the disruption budgets over time. */
export class BudgetHistory {
  readonly #of = new Map<string, { readonly at: Micros; readonly state: BudgetState | undefined }[]>();
  readonly #ignored: ReadonlySet<string>;

  /** `ignored` are the names of budgets that do not select the pods under test. */
  constructor(ignored: ReadonlySet<string> = new Set()) {
    this.#ignored = ignored;
  }

  /** `undefined` means that the budget was deleted. */
  see(at: Micros, name: string, state: BudgetState | undefined): void {
    if (this.#ignored.has(name)) return;
    const own = this.#of.get(name) ?? [];
    own.push({ at, state });
    this.#of.set(name, own);
  }

  /** All statuses that held at some time of a window. The first of each budget may be from before it. */
  during(from: Micros, to: Micros): BudgetStatus[] {
    return [...this.#of].flatMap(([name, own]) => {
      const first = own.findLastIndex(({ at }) => at <= from);
      const held = own.slice(Math.max(first, 0)).filter(({ at }) => at <= to);
      return held.flatMap(({ at, state }) => (state ? [{ name, at, state }] : []));
    });
  }

  /** Each budget’s status at each change. */
  lanes(): BudgetLane[] {
    return [...this.#of].map(([budget, own]) => ({
      budget,
      changes: own.flatMap(({ at, state }, index) => {
        const before = own[index - 1]?.state;
        return state && !(before && isDeepStrictEqual(counts(before), counts(state))) ? [{ at, ...counts(state) }] : [];
      }),
    }));
  }
}

const counts = ({ desiredHealthy, currentHealthy, expectedPods, disruptionsAllowed }: BudgetState): BudgetState => ({
  desiredHealthy,
  currentHealthy,
  expectedPods,
  disruptionsAllowed,
});
