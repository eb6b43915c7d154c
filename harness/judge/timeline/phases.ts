import type { ArmStory, Phase } from '../../model/finding.ts';
import type { Micros } from '../../model/units.ts';

export const phaseOrder = ['warmup', 'baseline', 'fault', 'tail'] as const satisfies readonly Phase[];

export type PhaseTimes = ArmStory['phases'];

/** A phase mark and the arm that it names. */
export interface PhaseMark {
  readonly at: Micros;
  readonly name: string;
  readonly arm: string;
}

/** holdfast’s own marks: when each phase began, and when the last one ended. */
export class PhaseMarks {
  /** All marks as they were recorded. */
  readonly all: PhaseMark[] = [];
  readonly #starts = new Map<string, Micros>();

  see(at: Micros, name: string, arm: string): void {
    this.all.push({ at, name, arm });
    if (!this.#starts.has(name)) this.#starts.set(name, at);
  }

  /** When a part of the arm began: `deploy`, a phase, `end`, `error` or `undone`. */
  start(name: string): Micros | undefined {
    return this.#starts.get(name);
  }

  /** The names of missing marks. */
  missing(): string[] {
    return [...phaseOrder, 'end', 'undone'].filter((name) => !this.#starts.has(name));
  }

  /** Each phase from its mark to the next one. A phase without a mark has no length. */
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

/** The phase of a time; undefined before warm-up and after the end. */
export function phaseAt(times: PhaseTimes, at: Micros): Phase | undefined {
  return phaseOrder.find((phase) => at >= times[phase].from && at < times[phase].to);
}
