import type { RecordedEvent } from '../../model/event.ts';
import { reason } from '../../model/reason.ts';
import type { Json, Micros } from '../../model/units.ts';
import { ObservedState } from '../../witness/observed-state.ts';
import { plannedNodes } from '../../witness/planned-nodes.ts';
import { witnessOf } from '../../witness/witnesses.ts';

/** What a witness found out about a disruption, from the recording. */
export interface Landing {
  /** The name of the injected fault in the catalogue. */
  readonly fault: string;
  /** When the witness had seen enough, and what. */
  readonly landed: { readonly at: Micros; readonly saw: string } | undefined;
  /** What the witness had not seen by the end. */
  readonly missing: string;
  /** The nodes that the fault should take down. */
  readonly nodes: readonly string[];
}

interface Open {
  readonly id: string;
  readonly fault: string;
  readonly plan: Json;
  readonly since: Micros;
  landed: Landing['landed'];
  missing: string;
  over: boolean;
}

/**
 * Feeds an arm’s events to the same witnesses that the recorder used. The recorder’s own notes of their answers do not
 * count.
 */
export class Landings {
  readonly #observed = new ObservedState();
  readonly #open = new Map<string, Open>();

  see(event: RecordedEvent): void {
    this.#observed.see(event);
    if (event.source === 'fault') this.#step(event);
    // Later events come from the removal of the arm.
    if (event.source === 'phase' && event.type === 'tail') for (const open of this.#open.values()) open.over = true;
    for (const open of this.#open.values()) if (!open.landed && !open.over) this.#ask(open);
  }

  of(id: string): Landing | undefined {
    const open = this.#open.get(id);
    return open && { fault: open.fault, landed: open.landed, missing: open.missing, nodes: plannedNodes(open.plan) };
  }

  #step({ at, type, subject, data }: RecordedEvent): void {
    const { fault, plan = null } = (data ?? {}) as { fault?: unknown; plan?: Json };
    if (type === 'intent' && typeof fault === 'string')
      this.#open.set(subject, { id: subject, fault, plan, since: at, landed: undefined, missing: '', over: false });
    const open = this.#open.get(subject);
    if (open && type === 'healed') open.over = true;
  }

  #ask(open: Open): void {
    const witness = witnessOf(open.fault);
    if (!witness) {
      open.missing = `there is no witness for ${open.fault}`;
      return;
    }
    try {
      const answer = witness(this.#observed, open.plan, open);
      if ('saw' in answer) open.landed = { at: this.#observed.at, saw: answer.saw };
      else open.missing = `waited for ${answer.waitingFor}`;
    } catch (error) {
      open.missing = `its plan cannot be understood: ${reason(error)}`;
    }
  }
}
