import { basename, dirname } from 'node:path';
import type { EventSource, RecordedEvent } from '../../../model/event.ts';
import type { Ms } from '../../../model/units.ts';
import { poll } from '../../../sys/clock.ts';
import { closeFile, type OpenFile, openFile, readBytes } from '../../../sys/files/read.ts';

const limitMs: Ms = 600_000;
const lookEveryMs: Ms = 50;
const lookBytes = 1024 ** 2;

/**
 * Resolves to the first such event that an arm writes to its file during the recording. Throws `NotInTime` after ten
 * minutes, or the signal's reason.
 */
export async function untilEvent(
  path: string,
  wanted: { readonly source: EventSource; readonly type: string },
  signal: AbortSignal,
): Promise<RecordedEvent> {
  let file: OpenFile | undefined;
  let position = 0;
  let rest = '';
  const find = (): RecordedEvent | undefined => {
    file ??= openFile(dirname(path), basename(path), { maxBytes: Number.POSITIVE_INFINITY });
    if (!file) return undefined;
    const bytes = readBytes(file, position, lookBytes);
    position += bytes.length;
    const lines = (rest + bytes.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    return lines
      .map((line) => JSON.parse(line) as RecordedEvent)
      .find(({ source, type }) => source === wanted.source && type === wanted.type);
  };
  const words = `${wanted.source} ${wanted.type}`;
  try {
    return await poll(
      words,
      limitMs,
      signal,
      async () => {
        const done = find();
        return done ? { done } : { waitingFor: `it in ${path}` };
      },
      lookEveryMs,
    );
  } finally {
    if (file) closeFile(file);
  }
}
