import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { reason } from '../model/reason.ts';
import { whyUnfit } from '../sys/files/as-usage.ts';
import { chunksOf, streamOf } from '../sys/files/read.ts';
import { UnfitFile } from '../sys/files/unfit-file.ts';
import type { ArmFolder } from './arm-folder.ts';
import { limits, streamLimits } from './limits.ts';
import { parsePlainJson, UnfitJson } from './plain-json.ts';
import { streamKindOf } from './run-folder.ts';

/** Complete lines in the order of the file. The first one has the number `first`, counted from 1. */
export interface LineBatch {
  readonly first: number;
  readonly lines: readonly string[];
}

interface Stream {
  readonly bytes: AsyncIterable<Buffer>;
  /** At most this many bytes are read. */
  readonly most: number;
  /** The reason for this limit. */
  readonly why: string;
}

/**
 * Opens `file` or its compressed form. If both exist, the compression was interrupted, and the plain file is complete.
 */
function openStream(folder: ArmFolder, file: string, maxBytes: number): Stream | undefined {
  const why = `more than the limit of ${maxBytes} bytes`;
  const plain = folder.open(file, maxBytes);
  if (plain) return { bytes: chunksOf(plain), most: maxBytes, why };
  const sealed = folder.open(`${file}.gz`, limits.sealed);
  if (!sealed) return undefined;
  const source = streamOf(sealed);
  const unpacked = createGunzip({ chunkSize: 256 * 1024 });
  source.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => source.destroy());
  const believed = limits.unpackedFree + limits.unpackedRatio * sealed.stats.size;
  return believed < maxBytes
    ? {
        bytes: source.pipe(unpacked),
        most: believed,
        why: `more than ${limits.unpackedRatio} times its compressed size`,
      }
    : { bytes: source.pipe(unpacked), most: maxBytes, why };
}

/**
 * Bytes that are decoded at once. V8 allocates a string of 128 KiB or more as a large object, which soon belongs to the old
 * generation.
 */
const pieceBytes = 64 * 1024;

function* piecesOf(chunk: Buffer): Generator<Buffer> {
  for (let from = 0; from < chunk.length; from += pieceBytes) yield chunk.subarray(from, from + pieceBytes);
}

/**
 * Reads a stream of an arm, plain or gzip, in batches and in constant memory. Anything that cannot be read is noted as
 * damage: a missing file, a link, a last line that was cut off, a broken archive, or more data than a stream can have.
 * Lines before it are still returned. Throws only if the signal of the folder aborts.
 */
export async function* readLines(folder: ArmFolder, file: string): AsyncGenerator<LineBatch> {
  const { damage, signal } = folder;
  const kind = streamKindOf(file);
  if (!kind) throw new Error(`${file} is not a stream of an arm`);
  const { maxBytes, maxLines } = streamLimits[kind];
  const decoder = new StringDecoder('utf8');
  let next = 1;
  let rest = '';
  let read = 0;
  try {
    const stream = openStream(folder, file, maxBytes);
    if (!stream) {
      damage.end({ file, what: 'missing' });
      return;
    }
    for await (const chunk of stream.bytes) {
      signal?.throwIfAborted();
      read += chunk.length;
      if (read > stream.most) throw new UnfitFile(stream.why);
      folder.take(chunk.length);
      for (const piece of piecesOf(chunk)) {
        const lines = (rest + decoder.write(piece)).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > limits.line)
          throw new UnfitFile(`line ${next + lines.length} is longer than ${limits.line} characters`);
        if (next + lines.length - 1 > maxLines) throw new UnfitFile(`more than the limit of ${maxLines} lines`);
        if (lines.length > 0) yield { first: next, lines };
        next += lines.length;
      }
    }
    if (rest + decoder.end() !== '') damage.add({ file, line: next, what: 'cut off in the middle of a line' });
  } catch (error) {
    signal?.throwIfAborted();
    damage.end({ file, line: next, what: whyUnfit(error) ?? reason(error) });
  }
}

/** The problem of a line that does not fit its file. */
export class BadLine {
  readonly what: string;

  constructor(what: string) {
    this.what = what;
  }
}

/**
 * Reads a stream line by line. `parse` returns undefined for a line without a value, and a BadLine for a damaged line.
 * After 1,000 damaged lines the rest is not read, because each costs time and the file proves nothing.
 *
 * A line is parsed when its value is taken, so a batch can be iterated only once. If a batch were an array, most values
 * would survive a collection of the young generation, and V8 would allocate the next ones in the old generation
 * (allocation site pretenuring): its garbage would grow by 100 MB before it is collected.
 */
export async function* readParsed<Value>(
  folder: ArmFolder,
  file: string,
  parse: (line: string) => Value | BadLine | undefined,
): AsyncGenerator<Iterable<Value>> {
  let bad = 0;
  function* parsed({ first, lines }: LineBatch): Generator<Value> {
    for (let index = 0; index < lines.length; index++) {
      const value = parse(lines[index] ?? '');
      if (value === undefined) continue;
      if (!(value instanceof BadLine)) {
        yield value;
        continue;
      }
      folder.damage.add({ file, line: first + index, what: value.what });
      bad += 1;
      if (bad < limits.damagedLines) continue;
      folder.damage.end({ file, what: `${limits.damagedLines} of its lines are damaged, so the rest is not read` });
      return;
    }
  }
  for await (const batch of readLines(folder, file)) {
    yield parsed(batch);
    if (bad >= limits.damagedLines) return;
  }
}

const notJson = new BadLine('not JSON');
const notFitting = new BadLine('not what this file should hold');

const [brace, bracket] = ['{', '['].map((character) => character.charCodeAt(0));

/** Reads NDJSON with objects and arrays. If `parse` returns undefined, the line is noted as damage. */
export function readRecords<Value>(
  folder: ArmFolder,
  file: string,
  parse: (value: unknown) => Value | undefined,
): AsyncGenerator<Iterable<Value>> {
  return readParsed(folder, file, (line) => {
    // Throwing an exception for each of a million empty lines would take minutes.
    const first = line.charCodeAt(0);
    if (first !== brace && first !== bracket) return notJson;
    try {
      return parse(parsePlainJson(line)) ?? notFitting;
    } catch (error) {
      if (error instanceof SyntaxError) return notJson;
      if (error instanceof UnfitJson || error instanceof RangeError) return new BadLine(error.message);
      throw error;
    }
  });
}
