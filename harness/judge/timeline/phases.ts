import type { ArmStory, Phase } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';

export const phaseOrder = ['warmup', 'baseline', 'fault', 'tail'] as const satisfies readonly Phase[];

export type PhaseTimes = ArmStory['phases'];

/** One mark, and the arm that it says it belongs to. */
export interface PhaseMark {
  readonly at: Micros;
  readonly name: string;
  readonly arm: string;
}

/** The harness's own marks: when each phase began, and when the last ended. */
export class PhaseMarks {
  /** All of them, as they were recorded. */
  readonly all: PhaseMark[] = [];
  readonly #starts = new Map<string, Micros>();

  see(at: Micros, name: string, arm: string): void {
    this.all.push({ at, name, arm });
    if (!this.#starts.has(name)) this.#starts.set(name, at);
  }

  /** When something of the arm's life began: `deploy`, a phase, `end`, `error`, `undone`. */
  start(name: string): Micros | undefined {
    return this.#starts.get(name);
  }

  /** Marks that the recording lacks. */
  missing(): string[] {
    return [...phaseOrder, 'end', 'undone'].filter((name) => !this.#starts.has(name));
  }

  /** Each phase from its mark to the next one; one whose mark is missing has no length. */
  times(last: Micros): PhaseTimes {
    const end = this.#starts.get('end') ?? this.#starts.get('error') ?? last;
    let next = end;
    const times: { [phase in Phase]?: { from: Micros; to: Micros } } = {};
    for (const phase of phaseOrder.toReversed()) {
      const from = Math.min(this.#starts.get(phase) ?? next, next);
      times[phase] = { from, to: next };
      next = from;
    }
    const none = { from: next, to: next };
    const { warmup = none, baseline = none, fault = none, tail = none } = times;
    return { warmup, baseline, fault, tail };
  }
}

/** The phase in which a moment lies; undefined before warm-up and after the end. */
export function phaseAt(times: PhaseTimes, at: Micros): Phase | undefined {
  return phaseOrder.find((phase) => at >= times[phase].from && at < times[phase].to);
}
