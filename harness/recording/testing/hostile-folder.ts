import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** An attack on a folder that we read and write. `path` is relative to the folder. */
export type Attack =
  /** Replaces a file or folder with a link: to the same path in the other folder, or to a device that never ends. */
  | { readonly kind: 'link'; readonly path: string; readonly to: 'twin' | 'absolute twin' | 'device' | 'itself' }
  | { readonly kind: 'pipe' | 'folder' | 'gone' | 'file'; readonly path: string }
  /** A sparse file of this size. */
  | { readonly kind: 'sparse'; readonly path: string; readonly gigabytes: number }
  /** Overwrites bytes. */
  | { readonly kind: 'bytes'; readonly path: string; readonly where: number; readonly bytes: Uint8Array }
  | { readonly kind: 'cut'; readonly path: string; readonly where: number }
  /** Inserts lines. In a compressed file they are inserted before the compression. */
  | {
      readonly kind: 'lines';
      readonly path: string;
      readonly where: number;
      readonly line: string;
      readonly count: number;
    }
  /** Replaces a number with another one. */
  | { readonly kind: 'number'; readonly path: string; readonly where: number; readonly number: string }
  /** Replaces a text with a deeply nested value. */
  | {
      readonly kind: 'nested';
      readonly path: string;
      readonly where: number;
      readonly depth: number;
      readonly by: '[' | '{"":';
    }
  /** Adds a file with this name next to it. */
  | { readonly kind: 'name'; readonly path: string; readonly name: string };

const where = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const hostileLines = [
  '',
  '{',
  '[',
  '{}',
  '[]',
  'null',
  '1',
  '"',
  '\0',
  '{"__proto__":{"verdict":"pass"}}',
  '\u001b]0;title\u0007',
  'x'.repeat(2 ** 20 + 1),
];
const hostileNumbers = [
  '-1',
  '0',
  '1e308',
  '9007199254740991',
  '9007199254740993',
  '-9007199254740991',
  '0.5',
  '4294967296',
  '7e15',
];
const hostileNames = [
  '..gz',
  '.hidden',
  'SHA256SUMS',
  'arm.json',
  'events.ndjson',
  'events.ndjson.gz',
  'conntrack.log',
  'journal.ndjson',
  '__proto__',
  'constructor',
  'a\nb',
  '\u001b[31m.log',
  '-rf',
  'requests-__proto__.ndjson',
  'x'.repeat(255),
  '\u202egz.nosj',
  'web-old-9.ndjson',
  'report.html',
  'summary.json',
];

/** Generates attacks on one of these files and folders. */
export const attackOn = (paths: readonly string[]): fc.Arbitrary<Attack> => {
  const path = fc.constantFrom(...paths);
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('link' as const),
        path,
        to: fc.constantFrom('twin' as const, 'absolute twin' as const, 'device' as const, 'itself' as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('pipe' as const, 'folder' as const, 'gone' as const, 'file' as const),
        path,
      }),
    },
    fc.record({ kind: fc.constant('sparse' as const), path, gigabytes: fc.constantFrom(1, 3, 5, 5000) }),
    fc.record({
      kind: fc.constant('bytes' as const),
      path,
      where,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    }),
    fc.record({ kind: fc.constant('cut' as const), path, where }),
    fc.record({
      kind: fc.constant('lines' as const),
      path,
      where,
      line: fc.constantFrom(...hostileLines),
      count: fc.constantFrom(1, 3, 100_000),
    }),
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('number' as const),
        path,
        where,
        number: fc.constantFrom(...hostileNumbers),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('nested' as const),
        path,
        where,
        depth: fc.constantFrom(2, 63, 65, 20_000),
        by: fc.constantFrom('[' as const, '{"":' as const),
      }),
    },
    fc.record({ kind: fc.constant('name' as const), path, name: fc.constantFrom(...hostileNames) }),
  );
};

/** Changes the text of a file. A compressed file is unpacked and compressed again. */
function rewrite(file: string, change: (text: string) => string): void {
  const packed = file.endsWith('.gz');
  const bytes = readFileSync(file);
  let plain = bytes;
  try {
    plain = packed ? gunzipSync(bytes) : bytes;
  } catch {
    // Another attack broke the archive.
  }
  const text = change(plain.toString('utf8'));
  writeFileSync(file, packed ? gzipSync(text, { level: 1 }) : text);
}

/** Replaces one match of the pattern with `text`. */
const replaceOne = (all: string, pattern: RegExp, where: number, text: string): string => {
  const found = [...all.matchAll(pattern)];
  const one = found[Math.floor(where * found.length)];
  return one ? all.slice(0, one.index) + text + all.slice(one.index + one[0].length) : all;
};

const insertLines = (all: string, where: number, lines: string): string => {
  const at = all.indexOf('\n', Math.floor(where * all.length)) + 1;
  return all.slice(0, at) + lines + all.slice(at);
};

/** Whether all parents of the path are still folders, so that the attack itself does not follow a link. */
const isInside = (folder: string, path: string): boolean =>
  path
    .split('/')
    .slice(0, -1)
    .every((_, depth, parents) =>
      lstatSync(join(folder, ...parents.slice(0, depth + 1)), { throwIfNoEntry: false })?.isDirectory(),
    );

/** Replaces a file or folder with something else. */
function replace(file: string, twin: string, how: Attack): void {
  rmSync(file, { recursive: true, force: true });
  if (how.kind === 'link') {
    const to = { twin: relative(dirname(file), twin), 'absolute twin': twin, device: '/dev/zero', itself: file };
    symlinkSync(to[how.to], file);
  }
  if (how.kind === 'pipe') execFileSync('mkfifo', ['--', file]);
  if (how.kind === 'folder') mkdirSync(file);
  if (how.kind === 'file') writeFileSync(file, 'a file');
  if (how.kind === 'sparse') {
    writeFileSync(file, '');
    truncateSync(file, how.gigabytes * 1024 ** 3);
  }
}

function changeBytes(file: string, how: Extract<Attack, { kind: 'bytes' | 'cut' }>): void {
  const all = readFileSync(file);
  if (how.kind === 'bytes')
    all.set(how.bytes.subarray(0, all.length), Math.floor(how.where * Math.max(0, all.length - how.bytes.length)));
  writeFileSync(file, how.kind === 'cut' ? all.subarray(0, Math.floor(how.where * all.length)) : all);
}

function changed(all: string, how: Extract<Attack, { kind: 'lines' | 'number' | 'nested' }>): string {
  if (how.kind === 'lines')
    return insertLines(all, how.where, `${how.line}\n`.repeat(how.line.length > 1000 ? 1 : how.count));
  if (how.kind === 'number') return replaceOne(all, /\b\d+\b/g, how.where, how.number);
  const close = how.by === '[' ? ']' : '}';
  const nested = `${how.by.repeat(how.depth)}0${close.repeat(how.depth)}`;
  return replaceOne(all, /"[^"\\\n]*"(?=[,}\]])/g, how.where, nested);
}

/**
 * Attacks `folder`. Links lead to `twin`, a folder with the same files. Does nothing if an earlier attack makes it
 * impossible.
 */
export function attack(folder: string, twin: string, how: Attack): void {
  if (!isInside(folder, how.path)) return;
  const file = join(folder, how.path);
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (how.kind === 'name') {
    const added = join(there?.isDirectory() ? file : dirname(file), how.name);
    if (!lstatSync(added, { throwIfNoEntry: false })) writeFileSync(added, '{}\n');
  } else if (!('where' in how)) replace(file, join(twin, how.path), how);
  else if (there?.isFile() && there.size < 1024 ** 3) {
    if (how.kind === 'bytes' || how.kind === 'cut') changeBytes(file, how);
    else rewrite(file, (all) => changed(all, how));
  }
}

/** A description of everything below a folder. It is equal if nothing was changed. */
export function snapshotOf(folder: string): { readonly [path: string]: string } {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { mode, mtimeMs } = lstatSync(path);
      const content = entry.isFile()
        ? createHash('sha256').update(readFileSync(path)).digest('hex')
        : entry.isSymbolicLink()
          ? readlinkSync(path)
          : '';
      return [relative(folder, path), `${mode} ${entry.isDirectory() ? '' : mtimeMs} ${content}`];
    }),
  );
}
