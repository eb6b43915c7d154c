import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { DamageLog } from './damage.ts';
import { openEvidence, UnfitFile } from './evidence-file.ts';

/** Whole lines as they come from the disk; the first of them has the number `first`, counted from 1. */
export interface LineBatch {
  readonly first: number;
  readonly lines: readonly string[];
}

const capBytes = 8 * 1024 ** 3;
const capLine = 1024 ** 2;

/** Opens `file`, or its sealed form. Where both exist sealing was cut short, and the plain one is whole. */
async function openStream(folder: string, file: string): Promise<Readable | undefined> {
  const plain = await openEvidence(join(folder, file), capBytes);
  if (plain) return plain.createReadStream({ highWaterMark: 256 * 1024 });
  const sealed = await openEvidence(join(folder, `${file}.gz`), capBytes);
  if (!sealed) return undefined;
  const source = sealed.createReadStream({ highWaterMark: 256 * 1024 });
  const unpacked = createGunzip({ chunkSize: 256 * 1024 });
  source.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => source.destroy());
  return source.pipe(unpacked);
}

/**
 * Reads a file of lines, plain or gzip, batch by batch in constant memory. What cannot be read (no such file, a link,
 * a last line cut off, a broken archive) is noted as damage, and what came before it is still handed out.
 */
export async function* readLines(folder: string, file: string, damage: DamageLog): AsyncGenerator<LineBatch> {
  let next = 1;
  let rest = '';
  let bytes = 0;
  try {
    const stream = await openStream(folder, file);
    if (!stream) {
      damage.add({ file, what: 'missing' });
      return;
    }
    stream.setEncoding('utf8');
    for await (const chunk of stream as AsyncIterable<string>) {
      bytes += chunk.length;
      if (bytes > capBytes) throw new UnfitFile(`unpacks to more than the ${capBytes} bytes that are read`);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > capLine)
        throw new UnfitFile(`line ${next + lines.length} is longer than ${capLine} characters`);
      if (lines.length > 0) yield { first: next, lines };
      next += lines.length;
    }
    if (rest !== '') damage.add({ file, line: next, what: 'cut off in the middle of a line' });
  } catch (error) {
    damage.add({ file, line: next, what: error instanceof Error ? error.message : String(error) });
  }
}

/** Reads NDJSON. `parse` returns undefined for a value that is not what the file should hold: it is noted as damage. */
export async function* readRecords<Value>(
  folder: string,
  file: string,
  damage: DamageLog,
  parse: (value: unknown) => Value | undefined,
): AsyncGenerator<readonly Value[]> {
  for await (const { first, lines } of readLines(folder, file, damage)) {
    const values: Value[] = [];
    for (const [index, line] of lines.entries()) {
      const value = parseLine(line, parse);
      if ('broken' in value) {
        damage.add({ file, line: first + index, what: value.broken });
      } else {
        values.push(value.value);
      }
    }
    yield values;
  }
}

function parseLine<Value>(
  line: string,
  parse: (value: unknown) => Value | undefined,
): { readonly value: Value } | { readonly broken: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { broken: 'not JSON' };
  }
  const value = parse(json);
  return value === undefined ? { broken: 'not what this file should hold' } : { value };
}
