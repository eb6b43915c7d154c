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

/** The stories whose causes rest on what is lost. Any other is told once more. */
const restsOn: { readonly [lost: string]: readonly string[] } = {
  conntrack: ['rollout without readiness and preStop', 'no pod ready', 'rollout beside a power cut'],
  'half of conntrack': ['every pod on a node that goes off', 'a crash beside a power cut', 'scaled to zero and back'],
  'the beginnings of connections': ['rollout without readiness', 'recreate', 'restarted by its probe'],
  'some beginnings of connections': ['every pod evicted', 'no pod ready', 'a node off'],
  'every pod’s log': ['rollout beside a power cut', 'answers lost', 'out of memory'],
  'the log of one pod': ['rollout beside a power cut', 'a crash that is over at once', 'overload'],
  'what pods say of their lives': ['rollout beside a power cut', 'a crash beside a power cut', 'a node cut off'],
  'what pods say of requests': ['rollout over a slow network', 'a grace period too short', 'overload'],
  'the pod watch': ['out of memory', 'a grace period too short', 'a crash that is over at once'],
  'the endpoint watch': ['recreate', 'no pod ready', 'every pod on a node that goes off'],
  'the engine’s words': [
    'a node off while the API server is down',
    'rollout without readiness beside a power cut',
    'a crash beside a power cut',
  ],
  'the leases': ['a node cut off', 'a node frozen'],
  'Kubernetes’ events': ['every pod preempted', 'restarted by its probe'],
  'a fifth of all events': ['recreate', 'a node cut off', 'rollout beside a power cut'],
  'a tenth of everything': ['rollout without readiness', 'every pod on a node that goes off', 'crash'],
};

const judged = (files: Lines): Promise<ArmFindings> => withFolder(files, judgeArm);

describe('attribution in made-up worlds, whose truth is known', () => {
  it('finds the cause of at least 99 % of failures, with clocks 50 ms ahead or behind and watches 150 ms late', async function () {
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
      assert.ok(restsOn[lost], 'no story rests on it');
      for (const story of [...restsOn[lost].map((name) => fc.constant(name)), fc.constantFrom(...names)]) {
        await fc.assert(
          fc.asyncProperty(tellings(story), drawn, async (telling, share) => {
            const { files, sent } = tell(telling);
            const findings = await judged(without(files, lost, share));
            const wrong = [...compare(sent, findings).values()].flatMap((tally) => tally.wrong);
            assert.deepEqual(wrong.slice(0, 3), []);
          }),
          { numRuns: 1, seed },
        );
      }
    });
  }
});
