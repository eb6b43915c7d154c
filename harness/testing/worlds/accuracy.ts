import type { Cause } from '../../model/cause.ts';
import type { ArmFindings } from '../../model/finding.ts';
import type { Sent } from './traffic.ts';

/** A failure for which the judge named a wrong cause. */
export interface Wrong {
  readonly id: string;
  readonly truth: Cause | undefined;
  readonly found: Cause;
  readonly words: string;
}

/** Results for the failures with the same true cause. */
export interface Tally {
  readonly right: number;
  readonly open: number;
  readonly wrong: readonly Wrong[];
}

/** Compares the judge's causes with the true ones. */
export function compare(sent: readonly Sent[], findings: ArmFindings): Map<Cause, Tally> {
  const truth = new Map(sent.map(({ gen, seq, cause }) => [`${gen}-${seq}`, cause]));
  const tallies = new Map<Cause, { right: number; open: number; wrong: Wrong[] }>();
  for (const { request, cause, words } of findings.failures) {
    const real = truth.get(request.id);
    const tally = tallies.get(real ?? 'unattributed') ?? { right: 0, open: 0, wrong: [] };
    tallies.set(real ?? 'unattributed', tally);
    if (cause === real) tally.right += 1;
    else if (cause === 'unattributed') tally.open += 1;
    else tally.wrong.push({ id: request.id, truth: real, found: cause, words });
  }
  return tallies;
}

/** Adds up the comparisons of many simulated arms. */
export class Accuracy {
  readonly byCause = new Map<Cause, Tally>();

  add(tallies: ReadonlyMap<Cause, Tally>): void {
    for (const [cause, { right, open, wrong }] of tallies) {
      const sum = this.byCause.get(cause) ?? { right: 0, open: 0, wrong: [] };
      this.byCause.set(cause, { right: sum.right + right, open: sum.open + open, wrong: [...sum.wrong, ...wrong] });
    }
  }

  get failures(): number {
    return this.#sum(({ right, open, wrong }) => right + open + wrong.length);
  }

  get right(): number {
    return this.#sum(({ right }) => right);
  }

  get wrong(): readonly Wrong[] {
    return [...this.byCause.values()].flatMap(({ wrong }) => wrong);
  }

  #sum(of: (tally: Tally) => number): number {
    return [...this.byCause.values()].reduce((sum, tally) => sum + of(tally), 0);
  }

  /** One line per cause, and one line for all causes. */
  inWords(): string {
    const line = (name: string, right: number, open: number, wrong: number) => {
      const share = ((100 * right) / Math.max(1, right + open + wrong)).toFixed(2);
      return `${name.padEnd(26)}${String(right).padStart(8)} right${String(open).padStart(7)} open${String(wrong).padStart(6)} wrong${share.padStart(9)} %`;
    };
    const causes = [...this.byCause].map(([cause, { right, open, wrong }]) => line(cause, right, open, wrong.length));
    return [...causes, line('all', this.right, this.failures - this.right - this.wrong.length, this.wrong.length)].join(
      '\n',
    );
  }
}
