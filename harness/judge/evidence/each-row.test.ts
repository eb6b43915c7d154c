import assert from 'node:assert/strict';
import { eachRow } from './each-row.ts';

describe('the rows of a table', () => {
  it('are seen once, in order, with pauses in between', async () => {
    for (const size of [0, 1, 50_000, 120_001]) {
      let [pauses, next] = [0, 0];
      const pause = async () => {
        pauses += 1;
      };
      await eachRow({ size }, pause, (row) => {
        if (row !== next) assert.fail(`row ${row} after ${next - 1}`);
        next += 1;
      });
      assert.deepEqual([next, pauses], [size, Math.ceil(size / 50_000)]);
    }
  });

  it('are not seen further if a pause throws', async () => {
    let seen = 0;
    const pause = async () => {
      if (seen > 0) throw new Error('interrupted');
    };
    await assert.rejects(
      eachRow({ size: 200_000 }, pause, () => {
        seen += 1;
      }),
      /interrupted/,
    );
    assert.equal(seen, 50_000);
  });
});
