import assert from 'node:assert/strict';
import { armPlanWith } from '../../testing/damages/by-hand.ts';
import { type Edit, lines, oneAfterAnother } from '../../testing/damages/edit.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { judgeArm } from '../judge.ts';

const { files } = syntheticArm('treatment', armSettings.treatment, { seed: 9 });

const withoutFresh: Edit = (all) => {
  const { 'requests-fresh.ndjson': _, ...others } = all;
  return others;
};
const noFreshPlanned = armPlanWith((plan) => ({
  ...plan,
  traffic: plan.traffic && { ...plan.traffic, freshPerSecond: 0 },
}));

async function asked(...edits: Edit[]) {
  const { findings } = await withFolder(oneAfterAnother(...edits)(files), judgeArm);
  const found = findings.find(({ check }) => check === 'recordings-agree');
  assert.ok(found);
  return `${found.verdict}: ${found.measured}`;
}

describe('the recordings of the same requests', () => {
  it('are compared for fresh requests if these were planned', async () => {
    assert.match(await asked(), /^pass: \d+ requests, 0 missing/);
    assert.equal(await asked(withoutFresh), 'inconclusive: no answered request to compare');
  });

  it('are compared for kept-alive requests that opened a connection if no fresh ones were planned', async () => {
    assert.match(await asked(withoutFresh, noFreshPlanned), /^pass: [1-9]\d* requests, 0 missing/);
    const unlogged = lines(/^workload/, (all) => all.filter((line) => !line.includes('"kept-alive-')));
    assert.match(await asked(withoutFresh, noFreshPlanned, unlogged), /^inconclusive: log of web-/);
  });
});
