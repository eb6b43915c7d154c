import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { ClusterInfo, ClusterNode } from '../model/cluster.ts';
import { exec } from '../sys/exec.ts';
import { fuzzCases, fuzzSeed } from '../testing/fuzz-cases.ts';
import { collectEvidence } from './collect.ts';

const evidencePath = 'run-1/rolling-update/treatment';
const cases = fuzzCases();

describe('collecting hostile evidence', () => {
  let top: string;
  beforeEach(async () => {
    top = await mkdtemp(join(tmpdir(), 'holdfast-collect-'));
    for (const folder of ['cp', 'w1', 'w2', 'run', 'outside']) mkdirSync(join(top, folder));
    writeFileSync(join(top, 'outside', 'web-1.ndjson'), 'secret');
  });
  afterEach(() => rm(top, { recursive: true }));

  const recording = () => join(top, 'run');
  const at = (node: string, name: string) => join(top, node, evidencePath, name);
  const collect = () => {
    const nodes = ['cp', 'w1', 'w2'].map((name) => ({ name, evidence: join(top, name) }) as ClusterNode);
    const [generator] = nodes as [ClusterNode];
    const lab = { info: { nodes } as unknown as ClusterInfo, generator };
    const signal = AbortSignal.timeout(60_000);
    return collectEvidence({ lab, evidencePath, generators: ['fresh'], folder: recording(), signal });
  };
  const collected = async () =>
    (await readdir(recording(), { recursive: true })).filter((name) => name !== 'workload').sort();

  it('copies only expected files from inside the folder, for any hostile content', async () => {
    const name = fc.oneof(
      fc.constantFrom('web-1.ndjson', 'web-2.ndjson', 'conntrack.log', 'requests-fresh.ndjson', 'workload'),
      fc.constantFrom('arm.json', 'SHA256SUMS', '__proto__', '..x', '-rf', 'a b\n'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((text) => !/[\0/]/.test(text)),
    );
    const kind = fc.constantFrom('file', 'file', 'link', 'folder link', 'folder', 'pipe', 'sparse');
    const entry = fc.record({ node: fc.constantFrom('cp', 'w1', 'w2'), name, kind, deep: fc.boolean() });
    const plant = async ({ node, name, kind, deep }: { node: string; name: string; kind: string; deep: boolean }) => {
      const path = at(node, deep ? `workload/${name}` : name);
      try {
        mkdirSync(dirname(path), { recursive: true });
        if (kind === 'folder') mkdirSync(path);
        else if (kind === 'link') symlinkSync(join(top, 'outside', 'web-1.ndjson'), path);
        else if (kind === 'folder link') symlinkSync(join(top, 'outside'), path);
        else if (kind === 'pipe') await exec('mkfifo', ['--', path]);
        else {
          writeFileSync(path, 'evidence', { flag: 'wx' });
          if (kind === 'sparse') truncateSync(path, 2 ** 40);
        }
      } catch (error) {
        // The name is taken by something else, or no file can have it.
        if (
          !['EEXIST', 'ENOTDIR', 'EISDIR', 'EINVAL', 'ENAMETOOLONG'].includes(
            String((error as { code?: unknown }).code),
          ) &&
          kind !== 'pipe'
        )
          throw error;
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
        for (const folder of ['cp', 'w1', 'w2', 'run']) {
          await rm(join(top, folder), { recursive: true });
          mkdirSync(join(top, folder));
        }
        for (const each of entries) await plant(each);
        const words = await collect();
        for (const word of words) assert.doesNotMatch(word, /[\p{Cc}\p{Bidi_Control}]/u);
        for (const file of await collected()) {
          assert.match(file, /^(requests-fresh\.ndjson|conntrack\.log|workload\/[a-z0-9][a-z0-9.-]*\.ndjson)$/);
          assert.equal(readFileSync(join(recording(), file), 'utf8'), 'evidence');
        }
      }),
      { numRuns: cases, seed: fuzzSeed() },
    );
  }).timeout(60_000 + cases * 100);
});
