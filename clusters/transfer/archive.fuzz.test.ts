import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { fuzzCases, fuzzSeed } from '../../harness/testing/fuzz-cases.ts';
import { artefactsDir } from '../cache.ts';
import { unpackArtefacts } from './archive.ts';
import { checkFit } from './import.ts';
import { type Member, manifestOf, sparseMember, tarOf } from './testing/hostile-archive.ts';

const cases = fuzzCases();
const hangMs = 5_000;
const maxMemory = 512 * 1024 ** 2;

const files = { 'kind-00ff/kind': '#!/bin/sh\n', 'node-00aa/images.tar': 'layer '.repeat(1000) };
const folders = ['kind-00ff', 'node-00aa'];
const paths = Object.keys(files);

/** `OUTSIDE` is replaced with a folder next to the cache. */
const outside = 'OUTSIDE';
const names = fc.oneof(
  fc.constantFrom('manifest.json', ...paths, ...folders, 'kind-00ff/other', 'evil-0123456789abcdef/su', ''),
  fc.constantFrom(
    `../../../${outside}/file`,
    `${outside}/file`,
    'kind-00ff/../../../../file',
    './kind-00ff/kind',
    '-x',
  ),
  fc.string({ maxLength: 90, unit: 'binary' }),
);
const member: fc.Arbitrary<Member> = fc.record(
  {
    name: names,
    type: fc.oneof(fc.constantFrom(...'01234567SVMNLKxgDX'), fc.string({ minLength: 1, maxLength: 1 })),
    link: fc.oneof(names, fc.constantFrom(outside, `../../../${outside}`, '/etc', '.')),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    content: fc.oneof(fc.constantFrom(...Object.values(files)), fc.string(), fc.constant('x'.repeat(70_000))),
    size: fc.oneof(fc.nat(100_000), fc.constantFrom(2 ** 31, 2 ** 32 - 1)),
  },
  { requiredKeys: ['name'] },
);

const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('../x', '/etc/passwd', 'evil-00ff/su', -1, 2 ** 53, 8 * 2 ** 30),
);
/** Another value for one of the fields of the manifest, or of its first file. */
const edit = fc.record({
  of: fc.constantFrom('manifest', 'file'),
  field: fc.constantFrom('holdfastLab', 'arch', 'files', 'path', 'bytes', 'sha256', 'executable', '__proto__'),
  value,
});

/** Usually null, so that a case has one or two damages. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const damage = fc.record({
  edit: rarely(edit),
  /** Members that are inserted before the member with this number. */
  added: fc.array(fc.record({ at: fc.nat(3), member }), { maxLength: 3 }),
  removed: rarely(fc.nat(2)),
  sparse: rarely(fc.constantFrom(0, 1)),
  /** A changed byte of the tar file, or of its compressed form. */
  flipped: rarely(fc.record({ compressed: fc.boolean(), at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) })),
  /** The remaining share of the file, from 0 to 1. */
  cut: rarely(fc.double({ min: 0, max: 1, noNaN: true })),
  appended: rarely(fc.uint8Array({ maxLength: 1000 })),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function archiveOf({ edit, added, removed, sparse, flipped, cut, appended }: Damage, place: Place): Buffer {
  const manifest = JSON.parse(manifestOf(files));
  if (edit) (edit.of === 'file' ? manifest.files[0] : manifest)[edit.field] = edit.value;
  const members: Member[] = Object.entries(files).map(([name, content]) => ({ name, content }));
  members.unshift({ name: 'manifest.json', content: JSON.stringify(manifest) });
  if (removed !== null) members.splice(removed, 1);
  for (const { at, member } of added) members.splice(at, 0, member);
  const inPlace = (path = '') => path.replace(outside, place.outside.slice(1));
  const tar = tarOf(members.map((each) => ({ ...each, name: inPlace(each.name), link: inPlace(each.link) })));
  const whole = Buffer.concat([...(sparse === null ? [] : [place.sparse[sparse] ?? Buffer.alloc(0)]), tar]);
  if (flipped && !flipped.compressed) flip(whole, flipped);
  const compressed = zstdCompressSync(whole);
  if (flipped?.compressed) flip(compressed, flipped);
  const left = cut === null ? compressed : compressed.subarray(0, Math.floor(compressed.length * cut));
  return Buffer.concat([left, appended ?? Buffer.alloc(0)]);
}

const flip = (bytes: Buffer, { at, by }: { readonly at: number; readonly by: number }) => {
  const index = at % bytes.length;
  bytes[index] = (bytes[index] ?? 0) ^ by;
};

interface Place {
  readonly outside: string;
  /** A sparse manifest and a sparse program. */
  readonly sparse: readonly Buffer[];
}

describe('a damaged archive', () => {
  const before = process.env.XDG_CACHE_HOME;
  let root: string;
  let place: Place;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'transfer-fuzz-'));
    process.env.XDG_CACHE_HOME = join(root, 'cache');
    const sparse = [await sparseMember(root, 'manifest.json'), await sparseMember(root, paths[0] ?? '')];
    place = { outside: join(root, outside), sparse };
    mkdirSync(place.outside);
    writeFileSync(join(place.outside, 'file'), 'untouched');
  });
  afterEach(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
    rmSync(root, { recursive: true });
  });

  const imported = () => {
    const found = existsSync(artefactsDir()) ? readdirSync(artefactsDir()) : [];
    return found.sort();
  };

  /** The result: the message of the refusal, or undefined if the archive was accepted. */
  async function importing(): Promise<string | undefined> {
    const limit = AbortSignal.timeout(hangMs);
    const done = unpackArtefacts(join(root, 'lab.tar.zst'), (manifest) => checkFit(manifest, folders), limit);
    return done.then(
      () => undefined,
      (error: Error) => error.message,
    );
  }

  function assertSentence(words: string) {
    assert.match(words, /^Nothing was imported from /);
    assert.doesNotMatch(words, /undefined|\[object|not a function|Cannot read|call stack|^ +at /m);
    assert.doesNotMatch(words, /[^\P{Cc}\n]/u);
  }

  it('is imported completely or refused with a message, and writes nothing else', async function () {
    this.timeout(60_000 + cases * 500);
    const memoryBefore = process.memoryUsage.rss();
    const outcomes = { taken: 0, refused: 0 };
    const property = fc.asyncProperty(damage, async (damaged) => {
      writeFileSync(join(root, 'lab.tar.zst'), archiveOf(damaged, place));
      const refusal = await importing();
      if (refusal === undefined) {
        outcomes.taken++;
        assert.deepEqual(imported(), folders);
        for (const [path, content] of Object.entries(files)) {
          assert.equal(readFileSync(join(artefactsDir(), path), 'utf8'), content);
          assert.ok([0o600, 0o700].includes(lstatSync(join(artefactsDir(), path)).mode & 0o7777), path);
        }
      } else {
        outcomes.refused++;
        assertSentence(refusal);
        assert.deepEqual(imported(), []);
      }
      rmSync(join(root, 'cache'), { recursive: true, force: true });
      assert.deepEqual(readdirSync(root).sort(), [outside, 'lab.tar.zst'].sort());
      assert.deepEqual(readdirSync(place.outside), ['file']);
      assert.equal(readFileSync(join(place.outside, 'file'), 'utf8'), 'untouched');
      assert.ok(process.memoryUsage.rss() - memoryBefore < maxMemory);
    });
    await fc.assert(property, { numRuns: cases, seed: fuzzSeed() });
    assert.ok(outcomes.taken > 0 && outcomes.refused > outcomes.taken, JSON.stringify(outcomes));
  });
});
