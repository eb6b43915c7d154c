import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFindings } from '../model/finding.ts';
import { judgeRun } from './judge.ts';

/** Runs of a real cluster, without their logs. */
const golden = join(import.meta.dirname, 'golden');

const essence = ({ verdict, experiments }: RunFindings) => ({
  verdict,
  experiments: experiments.map(({ name, verdict, arms }) => ({
    name,
    verdict,
    arms: arms
      .map(({ name, verdict, requests: { total, failed, unattributed, byCause }, findings }) => ({
        name,
        verdict,
        total,
        failed,
        unattributed,
        byCause,
        doubts: findings.filter((finding) => finding.verdict !== 'pass').map(({ check }) => check),
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  })),
});

describe('golden recordings', () => {
  for (const name of readdirSync(golden)) {
    it(`${name} is judged as it was`, async () => {
      const expected: unknown = JSON.parse(readFileSync(join(golden, name, 'expected.json'), 'utf8'));
      assert.deepEqual(essence(await judgeRun(join(golden, name))), expected);
    });
  }
});
