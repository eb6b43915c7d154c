import { eventsSchema, type RecordedEvent, type SliceState } from '../model/event.ts';
import type { ArmFolder } from './arm-folder.ts';
import type { ClockOffsets } from './clock-offsets.ts';
import type { DamageLog } from './damage.ts';
import { parseEvent } from './event-schema.ts';
import { limits } from './limits.ts';
import { readRecords } from './read-lines.ts';
import { armFiles } from './run-folder.ts';
import { schemaInWords } from './schema-name.ts';
import { PodUids, upgradeEvent, withNewerFields } from './upgrade/events.ts';
import { withUpgradedPlan } from './upgrade/fault-plan.ts';

interface Header {
  readonly schema: string;
}

const isHeader = (value: unknown): value is Header =>
  typeof value === 'object' && value !== null && 'schema' in value && typeof value.schema === 'string';

/**
 * Reads the events of an arm. Events of older recorders are upgraded. If the schema is unknown, that is damage, and
 * nothing is read. Times are converted to the clock of the harness.
 */
export async function* readEvents(folder: ArmFolder, clocks: ClockOffsets): AsyncGenerator<readonly RecordedEvent[]> {
  const lines = new EventLines(folder.damage);
  const older = new PodUids();
  for await (const values of readRecords(folder, armFiles.events, (value) => lines.parse(value))) {
    const events = [...values].filter((value) => value !== 'header');
    if (lines.unknown !== undefined) {
      const what = `its schema is ${schemaInWords(lines.unknown)}, but this version of holdfast reads up to ${eventsSchema}. Judge it with the version that recorded it`;
      folder.damage.end({ file: armFiles.events, what });
      return;
    }
    yield (lines.isOlder ? older.next(events) : events).map((event) => clocks.event(event));
  }
  yield older.end().map((event) => clocks.event(event));
}

/**
 * Parses the lines of one file. The first line determines the version: a header names the schema, and events/1 has no
 * header.
 */
class EventLines {
  isOlder: boolean | undefined;
  /** The schema of the header, if it is unknown. */
  unknown: string | undefined;
  readonly #damage: DamageLog;
  readonly #subjects = new Set<string>();
  #tooMany = false;

  constructor(damage: DamageLog) {
    this.#damage = damage;
  }

  parse(value: unknown): RecordedEvent | 'header' | undefined {
    if (this.unknown !== undefined) return 'header';
    if (this.isOlder === undefined) {
      this.isOlder = !isHeader(value);
      if (isHeader(value)) {
        if (value.schema !== eventsSchema) this.unknown = value.schema;
        return 'header';
      }
    }
    const event = parseEvent(withUpgradedPlan(this.isOlder ? upgradeEvent(value) : withNewerFields(value)));
    return event && this.#isOneOfFew(event) ? event : undefined;
  }

  /**
   * Whether the event stays within the limit of subjects. The judge compares subjects with each other: the objects of
   * events, and the pods behind endpoints.
   */
  #isOneOfFew({ source, subject, data }: RecordedEvent): boolean {
    const pods = source === 'endpointslice' ? (data as unknown as SliceState).endpoints : [];
    const fits = this.#isKnown(`${source} ${subject}`) && pods.every(({ pod, uid }) => this.#isKnown(`${pod} ${uid}`));
    if (!fits && !this.#tooMany)
      this.#damage.add({ file: armFiles.events, what: `more than ${limits.subjects} subjects` });
    this.#tooMany ||= !fits;
    return fits;
  }

  #isKnown(key: string): boolean {
    if (this.#subjects.size < limits.subjects) this.#subjects.add(key);
    return this.#subjects.has(key);
  }
}
