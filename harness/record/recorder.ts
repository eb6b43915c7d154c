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
} from '../model/event.ts';
import type { Json, Micros } from '../model/units.ts';
import { now } from '../sys/clock.ts';
import { createStream } from '../sys/files/write.ts';
import { World } from '../witness/observed-state.ts';

/** An object that something is recorded of. Without a UID it is the one that was last seen under its names. */
export interface RecordedObject extends ObjectName {
  readonly uid?: string | undefined;
}

/** Writes an arm's events as they arrive, and keeps the latest state for witnesses. Observers only write. */
export class Recorder {
  readonly world = new World();
  readonly #file: Writable;
  /** What was noted at every step of a fault so far, by `<disruption>/<step>`. */
  readonly steps = new Map<string, Json>();
  #broken: Error | undefined;

  /** Into a new file of a folder of ours. Throws if its name is taken. */
  constructor(path: string) {
    this.#file = createStream(dirname(path), basename(path));
    this.#file.on('error', (error) => {
      this.#broken = error;
    });
    this.#file.write(`${JSON.stringify({ schema: eventsSchema })}\n`);
  }

  /**
   * `about` is an object, or the subject of what is about none. Stamped now unless the moment is given. Throws once the
   * disk refused a line: a recording with holes proves nothing.
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
    this.world.see(event);
    if (source === 'fault') this.steps.set(`${event.subject}/${type}`, data);
  }

  #about(about: string | RecordedObject): About {
    if (typeof about === 'string') return { subject: about };
    const { uid, kind, namespace, name } = about;
    return { subject: uid || (this.world.uidOf(about) ?? name), kind, ...(namespace && { namespace }), name };
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
