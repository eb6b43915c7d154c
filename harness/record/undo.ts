import type { Ms } from '../model/units.ts';

type Step = (signal: AbortSignal) => Promise<void>;

/** What must be undone, last in, first out. Each step has a limit and a signal of its own, alive even after Ctrl-C. */
export class Undo {
  readonly #steps: { readonly title: string; readonly limitMs: Ms; readonly step: Step }[] = [];

  /** Pushed before the deed, so that a deed cut short is undone too. */
  push(title: string, limitMs: Ms, step: Step): void {
    this.#steps.push({ title, limitMs, step });
  }

  /** Undoes everything, whatever fails on the way, and returns all that failed. */
  async unwind(): Promise<Error[]> {
    const errors: Error[] = [];
    for (let next = this.#steps.pop(); next; next = this.#steps.pop()) {
      try {
        await next.step(AbortSignal.timeout(next.limitMs));
      } catch (cause) {
        const words = cause instanceof Error ? cause.message : String(cause);
        errors.push(new Error(`undo: ${next.title}: ${words}`, { cause }));
      }
    }
    return errors;
  }
}
