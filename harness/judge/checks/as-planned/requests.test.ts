import assert from 'node:assert/strict';
import { byHand } from '../../../testing/damages/by-hand.ts';
import { type Edit, oneAfterAnother, phaseStart } from '../../../testing/damages/edit.ts';
import { armSettings, syntheticArm, withFolder } from '../../../testing/worlds/run-files.ts';
import { judgeArm } from '../../judge.ts';

const { files } = syntheticArm('treatment', armSettings.treatment, { seed: 9 });
const ms = 1000;
const stoppedMs = 3300;

/** The requests in flight when the generator was paused end when it continues. */
const answeredLate: Edit = byHand(/^requests-fresh/, (rows, epoch, files) => {
  const from = phaseStart(files, 'fault') + 200 * ms - epoch;
  const onItsWay = rows.toSorted((one, other) => one.start - other.start).find(({ start }) => start >= from);
  return rows.map((row) => (row === onItsWay ? { ...row, end: row.start + (stoppedMs + 1) * ms } : row));
});

/** The requests that were due while it was paused are sent when it continues. */
const sentLate: Edit = byHand(/^requests-fresh/, (rows, epoch, files) => {
  const from = phaseStart(files, 'fault') + 200 * ms - epoch;
  const first = Math.min(...rows.map(({ start }) => start).filter((start) => start >= from));
  const to = first + stoppedMs * ms;
  return rows.map((row) => (row.start > first && row.start < to ? { ...row, start: to, end: to + 2 * ms } : row));
});

async function asked(...edits: Edit[]) {
  const { findings, verdict } = await withFolder(oneAfterAnother(...edits)(files), judgeArm);
  const of = (name: string) => findings.find(({ check }) => check === name)?.measured ?? '';
  return { verdict, planned: of('as-planned'), machine: of('machine-could-measure') };
}

describe('a request that was answered after its client’s timeout', () => {
  it('contradicts the plan', async () => {
    const { verdict, planned } = await asked(answeredLate);
    assert.equal(verdict, 'inconclusive');
    assert.match(planned, /fresh-\d+ took 3\.30 s, longer than a client waits/);
  });

  it('does not contradict it if the generator was paused, which another check finds', async () => {
    const { verdict, planned, machine } = await asked(answeredLate, sentLate);
    assert.equal(verdict, 'inconclusive');
    assert.doesNotMatch(planned, /longer than a client waits/);
    assert.match(machine, /fresh: sent nothing for 3\.[23]\d? s/);
  });
});
