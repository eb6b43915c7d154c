import { basename, dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import {
  type About,
  type EventSource,
  eventsSchema,
  type ObjectName,
  type PhaseMark,
  type RecordedEvent,
} from '../../model/event.ts';
import type { Json, Micros } from '../../model/units.ts';
import { now } from '../../sys/clock.ts';
import { createStream } from '../../sys/files/write.ts';
import { ObservedState } from '../../witness/observed-state.ts';

/** The object that an event is about. Without a UID, the UID that was last seen with these names is recorded. */
export interface RecordedObject extends ObjectName {
  readonly uid?: string | undefined;
}

/** Writes the events of an arm as they arrive, and keeps the latest state for witnesses. */
export class Recorder {
  readonly observed = new ObservedState();
  readonly #file: Writable;
  /** The data of every step of a disruption so far, by `<disruption>/<step>`. */
  readonly steps = new Map<string, Json>();
  #broken: Error | undefined;

  /** Creates the file. Throws if it exists. */
  constructor(path: string) {
    this.#file = createStream(dirname(path), basename(path));
    this.#file.on('error', (error) => {
      this.#broken = error;
    });
    this.#file.write(`${JSON.stringify({ schema: eventsSchema })}\n`);
  }

  /**
   * Records an event. `about` is an object, or the subject of an event that is not about an object. The time is now by
   * default. Throws if an earlier line could not be written, because a recording with gaps proves nothing.
   */
  record<Source extends EventSource>(
    source: Source,
    type: Source extends 'phase' ? PhaseMark : string,
    about: string | RecordedObject,
    data: Json,
    at: Micros = now(),
  ): void {
    this.check();
    const event: RecordedEvent = { at, source, type, ...this.#about(about), data };
    this.#file.write(`${JSON.stringify(event)}\n`);
    this.observed.see(event);
    if (source === 'fault') this.steps.set(`${event.subject}/${type}`, data);
  }

  #about(about: string | RecordedObject): About {
    if (typeof about === 'string') return { subject: about };
    const { uid, kind, namespace, name } = about;
    return { subject: uid || (this.observed.uidOf(about) ?? name), kind, ...(namespace && { namespace }), name };
  }

  /** Throws if a line could not be written. */
  check(): void {
    if (this.#broken) throw new Error(`cannot record: ${this.#broken.message}`, { cause: this.#broken });
  }

  async close(): Promise<void> {
    this.#file.end();
    if (!this.#broken) await finished(this.#file);
  }
}
