import assert from 'node:assert/strict';
import fc from 'fast-check';
import { causeOrder } from '../../model/cause.ts';
import type { ArmFindings } from '../../model/finding.ts';
import { judgeArm } from '../judge.ts';
import { withFolder } from '../synthetic/run-files.ts';
import { Accuracy, compare } from './accuracy.ts';
import { losses, without } from './losses.ts';
import type { Lines } from './record.ts';
import { stories } from './stories.ts';
import { tell } from './tell.ts';

const names = Object.keys(stories);
const seed = 20261124;

const tellings = (story: fc.Arbitrary<string>) =>
  fc.record({
    story,
    seed: fc.integer({ min: 1, max: 1e9 }),
    skewMs: fc.integer({ min: 0, max: 50 }),
    lateMs: fc.integer({ min: 0, max: 150 }),
  });

const judged = (files: Lines): Promise<ArmFindings> => withFolder(files, judgeArm);

describe('attribution in made-up worlds, whose truth is known', () => {
  it('finds the cause of at least 99 % of failures, with clocks 50 ms apart and watches 150 ms late', async function () {
    this.timeout(60_000);
    const accuracy = new Accuracy();
    // Every story, and as many times each.
    for (const story of names) {
      await fc.assert(
        fc.asyncProperty(tellings(fc.constant(story)), async (telling) => {
          const { files, sent } = tell(telling);
          const findings = await judged(files);
          const tallies = compare(sent, findings);
          accuracy.add(tallies);
          assert.deepEqual(
            [...tallies.values()].flatMap(({ wrong }) => wrong),
            [],
          );
          const counted = [...tallies.values()].reduce(
            (sum, { right, open, wrong }) => sum + right + open + wrong.length,
            0,
          );
          assert.equal(counted, findings.requests.failed);
        }),
        { numRuns: 2, seed },
      );
    }
    console.log(accuracy.inWords().replace(/^/gm, '      '));
    assert.ok(accuracy.right / accuracy.failures >= 0.99);
    const found = new Set(accuracy.byCause.keys());
    assert.deepEqual(
      causeOrder.filter((cause) => !found.has(cause)),
      [],
    );
  });

  for (const lost of Object.keys(losses)) {
    it(`names no wrong cause without ${lost}`, async function () {
      this.timeout(60_000);
      const drawn = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
      await fc.assert(
        fc.asyncProperty(tellings(fc.constantFrom(...names)), drawn, async (telling, share) => {
          const { files, sent } = tell(telling);
          const findings = await judged(without(files, lost, share));
          const wrong = [...compare(sent, findings).values()].flatMap((tally) => tally.wrong);
          assert.deepEqual(wrong.slice(0, 3), []);
        }),
        { numRuns: 4, seed },
      );
    });
  }
});
