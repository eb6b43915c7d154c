import { CodedError } from '../model/error-code.ts';
import type { Ms } from '../model/units.ts';
import { heeding } from '../sys/clock.ts';

type Work = (signal: AbortSignal) => Promise<void>;

interface Step {
  readonly title: string;
  readonly limitMs: Ms;
  readonly work: Work;
  readonly back?: Work | undefined;
}

/** Something could not be put back. It is still in the journal. */
export class NotPutBack extends CodedError {
  override name = 'NotPutBack';
  readonly code = 'changes-left';

  /** `broke` is why it was to be put back, where that was not to be expected. */
  constructor(errors: readonly Error[], broke: unknown, cure: string) {
    const why = broke === undefined ? [] : [broke instanceof Error ? broke.message : String(broke)];
    super([...why, ...errors.map(({ message }) => message), `Undo the changes: ${cure}`].join('\n'), { cause: broke });
  }
}

/** What must be undone, last in, first out. Each step has a limit and a signal of its own, alive even after Ctrl-C. */
export class Undo {
  readonly #steps: Step[] = [];

  /**
   * Pushed before the deed, so that a deed cut short is undone too. What it waits for `back`, once undone, is not waited
   * for before the next step that says so, too, is undone: only before any other.
   */
  push(title: string, limitMs: Ms, work: Work, back?: Work): void {
    this.#steps.push({ title, limitMs, work, back });
  }

  /** Undoes everything, whatever fails on the way, and returns all that failed. */
  async unwind(): Promise<Error[]> {
    const errors: Error[] = [];
    const away: Step[] = [];
    const tryIt = async ({ title, limitMs, work }: Step): Promise<void> => {
      const signal = AbortSignal.timeout(limitMs);
      try {
        await heeding(work(signal), signal);
      } catch (cause) {
        const words = cause instanceof Error ? cause.message : String(cause);
        const late = signal.aborted ? `timed out after ${limitMs / 1000} s: ` : '';
        errors.push(new Error(`undo: ${title}: ${late}${words}`, { cause }));
      }
    };
    const waitForAll = async () => {
      for (const step of away.splice(0)) await tryIt(step);
    };
    for (let next = this.#steps.pop(); next; next = this.#steps.pop()) {
      const { title, limitMs, back } = next;
      if (!back) await waitForAll();
      await tryIt(next);
      if (back) away.push({ title: `${title}, until it is back`, limitMs, work: back });
    }
    await waitForAll();
    return errors;
  }
}
