import type { BudgetState } from '../../model/event.ts';
import type { BudgetLane } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';

/** The statuses of the disruption budgets over time. */
export class BudgetHistory {
  readonly #of = new Map<string, { readonly at: Micros; readonly state: BudgetState | undefined }[]>();

  /** `undefined`: it was deleted. */
  see(at: Micros, name: string, state: BudgetState | undefined): void {
    const own = this.#of.get(name) ?? [];
    own.push({ at, state });
    this.#of.set(name, own);
  }

  /** Each budget's status at each change. */
  lanes(): BudgetLane[] {
    return [...this.#of].map(([budget, own]) => ({
      budget,
      changes: own.flatMap(({ at, state }) => (state ? [{ at, ...counts(state) }] : [])),
    }));
  }
}

const counts = ({ desiredHealthy, currentHealthy, expectedPods, disruptionsAllowed }: BudgetState): BudgetState => ({
  desiredHealthy,
  currentHealthy,
  expectedPods,
  disruptionsAllowed,
});
