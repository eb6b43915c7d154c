import { basename, dirname } from 'node:path';
import type { EventSource, RecordedEvent } from '../../../model/event.ts';
import type { Ms } from '../../../model/units.ts';
import { poll } from '../../../sys/clock.ts';
import { closeFile, type OpenFile, openFile, readBytes } from '../../../sys/files/read.ts';

const limitMs: Ms = 600_000;
const lookEveryMs: Ms = 50;
const lookBytes = 1024 ** 2;

/**
 * Resolves when an arm has written such an event to its file during the recording. Throws `NotInTime` after ten
 * minutes, or the signal's reason.
 */
export async function untilEvent(
  path: string,
  wanted: { readonly source: EventSource; readonly type: string },
  signal: AbortSignal,
): Promise<void> {
  let file: OpenFile | undefined;
  let position = 0;
  let rest = '';
  const isThere = (): boolean => {
    file ??= openFile(dirname(path), basename(path), { maxBytes: Number.POSITIVE_INFINITY });
    if (!file) return false;
    const bytes = readBytes(file, position, lookBytes);
    position += bytes.length;
    const lines = (rest + bytes.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    return lines
      .map((line) => JSON.parse(line) as RecordedEvent)
      .some(({ source, type }) => source === wanted.source && type === wanted.type);
  };
  const words = `${wanted.source} ${wanted.type}`;
  try {
    await poll(
      words,
      limitMs,
      signal,
      async () => (isThere() ? { done: true } : { waitingFor: `it in ${path}` }),
      lookEveryMs,
    );
  } finally {
    if (file) closeFile(file);
  }
}
