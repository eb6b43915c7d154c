import { CodedError } from '../../model/error-code.ts';
import { reason } from '../../model/reason.ts';
import type { Ms } from '../../model/units.ts';
import { abortable } from '../../sys/clock.ts';

type Work = (signal: AbortSignal) => Promise<void>;

interface Step {
  readonly title: string;
  readonly limitMs: Ms;
  readonly work: Work;
  readonly waitForReturn?: Work | undefined;
}

/** A change could not be undone. It is still in the journal. */
export class NotUndone extends CodedError {
  readonly code = 'changes-left';
  override name = 'NotUndone';

  /** `broke` is the error that ended the work; undefined if it ended as planned. `cure` is the command to run. */
  constructor(errors: readonly Error[], broke: unknown, cure: string) {
    const why = broke === undefined ? [] : [reason(broke)];
    super([...why, ...errors.map(({ message }) => message), `Undo the changes: ${cure}`].join('\n'), { cause: broke });
  }
}

/**
 * The steps that undo changes, last in, first out. Each step has its own time limit and signal, so it runs even after
 * Ctrl-C.
 */
export class Undo {
  readonly #steps: Step[] = [];

  /**
   * Adds a step. Call it before the change, so that an interrupted change is undone too. `waitForReturn` waits until
   * the disrupted part works again. Consecutive steps with `waitForReturn` are all undone first, and only then waited
   * for.
   */
  push(title: string, limitMs: Ms, work: Work, waitForReturn?: Work): void {
    this.#steps.push({ title, limitMs, work, waitForReturn });
  }

  /** Runs all steps, also after errors. Returns all errors. */
  async unwind(): Promise<Error[]> {
    const errors: Error[] = [];
    const returning: Step[] = [];
    const tryIt = async ({ title, limitMs, work }: Step): Promise<void> => {
      const signal = AbortSignal.timeout(limitMs);
      try {
        await abortable(work(signal), signal);
      } catch (cause) {
        const late = signal.aborted ? `timed out after ${limitMs / 1000} s: ` : '';
        errors.push(new Error(`undo: ${title}: ${late}${reason(cause)}`, { cause }));
      }
    };
    const waitForAll = async () => {
      for (const step of returning.splice(0)) await tryIt(step);
    };
    for (let next = this.#steps.pop(); next; next = this.#steps.pop()) {
      const { title, limitMs, waitForReturn } = next;
      if (!waitForReturn) await waitForAll();
      await tryIt(next);
      if (waitForReturn) returning.push({ title: `${title}, until it is back`, limitMs, work: waitForReturn });
    }
    await waitForAll();
    return errors;
  }
}
