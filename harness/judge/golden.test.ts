import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { causeOrder } from '../model/cause.ts';
import { type Essence, essenceOf } from '../testing/golden-tools/golden-summary.ts';
import { judgeRun } from './judge.ts';

/** Runs on a real cluster, without their logs; names that begin with `synthetic` are simulated. */
const golden = join(import.meta.dirname, '../testing/golden');
const names = readdirSync(golden);
const expectedOf = (name: string) => JSON.parse(readFileSync(join(golden, name, 'expected.json'), 'utf8')) as Essence;

describe('golden recordings', () => {
  for (const name of names) {
    it(`${name} gets the recorded verdict`, async () => {
      const now = essenceOf(await judgeRun(join(golden, name)));
      if (process.env.RENEW_GOLDEN)
        writeFileSync(join(golden, name, 'expected.json'), `${JSON.stringify(now, null, 2)}\n`);
      assert.deepEqual(now, expectedOf(name));
    });
  }

  it('contain every cause', () => {
    const arms = names.flatMap((name) => expectedOf(name).experiments).flatMap((experiment) => experiment.arms);
    const shown = new Set(arms.flatMap(({ byCause }) => Object.keys(byCause)));
    assert.deepEqual(
      causeOrder.filter((cause) => !shown.has(cause)),
      ['unattributed'],
    );
  });
});
