import assert from 'node:assert/strict';
import { judgeRecording } from '../../judge/judge-arm.ts';
import type { ArmFindings } from '../../model/finding.ts';
import type { NodeClock } from '../../model/node-clock.ts';
import { ArmRecording, openArm } from '../../recording/arm-recording.ts';
import { compare } from './accuracy.ts';
import { at } from './clocks.ts';
import type { Files } from './files.ts';
import { lookAlikes } from './look-alikes.ts';
import { clientAhead, nodeAhead, slewed, steppedBy } from './other-clocks.ts';
import { withFolder } from './run-files.ts';
import { stories } from './stories.ts';
import { tell } from './tell.ts';

const client = 'control-plane';

const judged = (files: Files, clocks: readonly NodeClock[] = []): Promise<ArmFindings> =>
  withFolder(files, (folder) => {
    const arm = openArm(folder, '');
    assert.ok(arm);
    return judgeRecording(new ArmRecording(arm.folder, { ...arm.file, clocks, generatorNode: client }));
  });

const names = [...Object.keys(stories), ...Object.keys(lookAlikes)];
/** Stories whose causes depend on a log that another clock stamped. */
const restOnLogs = [
  'a crash during a power cut',
  'overload',
  'packets lost at a closed listener',
  'requests late on their way',
  'packets sent again to a Service that was empty',
  'a node cut off',
  'names that come back',
];
const telling = (story: string, seed = 1) => tell({ story, seed, skewMs: 5, lateMs: 60 });

/** Clocks with unknown offsets or with steps. Their timestamps cannot be compared with others. */
const unknown: { readonly [what: string]: (files: Files, nth: number) => Files } = {
  'a node 3 s ahead': (files) => nodeAhead(files, 'w1', 3000),
  'a node 0.15 s ahead': (files) => nodeAhead(files, 'w1', 150),
  'a node 0.15 s behind': (files) => nodeAhead(files, 'w1', -150),
  'a node 3 s behind': (files) => nodeAhead(files, 'w1', -3000),
  'the client 3 s ahead': (files) => clientAhead(files, 3000),
  'the client 0.15 s behind': (files) => clientAhead(files, -150),
  'a step of 1 s': (files) => steppedBy(files, 1000, at(5300)),
  'a step of 1 s back': (files) => steppedBy(files, -1000, at(5600)),
  'a step of 1 s for 0.7 s': (files, nth) => steppedBy(files, 1000, at(5100 + 20 * nth), at(5800 + 20 * nth)),
  'a machine that was suspended for 20 s, and its clock corrected': (files) => steppedBy(files, 20_000, at(5300)),
};

/** Clocks with measured offsets. */
const declared: {
  readonly [what: string]: { readonly of: (files: Files) => Files; readonly clocks: readonly NodeClock[] };
} = {
  'a node 3 s ahead': {
    of: (files) => nodeAhead(files, 'w1', 3000),
    clocks: [{ node: 'w1', offsetMicros: 3_001_500, errorMicros: 4000 }],
  },
  'the client 0.15 s behind, and a node 0.15 s ahead': {
    of: (files) => clientAhead(nodeAhead(files, 'w2', 150), -150),
    clocks: [
      { node: client, offsetMicros: -150_000, errorMicros: 2000 },
      { node: 'w2', offsetMicros: 147_000, errorMicros: 5000 },
    ],
  },
};

const wrongOf = (sent: Parameters<typeof compare>[0], findings: ArmFindings) =>
  [...compare(sent, findings).values()].flatMap(({ wrong }) => wrong);

describe('attribution in simulated arms with several clocks', () => {
  for (const [nth, [what, change]] of Object.entries(unknown).entries()) {
    it(`names no wrong cause with ${what}, and does not pass`, async function () {
      this.timeout(30_000);
      const own = what.startsWith('a node') ? restOnLogs : names.filter((_, index) => index % 6 === nth % 6);
      for (const [index, story] of own.entries()) {
        const { files, sent } = telling(story);
        const findings = await judged(change(files, index));
        assert.deepEqual(wrongOf(sent, findings).slice(0, 3), [], story);
        const doubted = findings.findings.filter(({ verdict }) => verdict === 'inconclusive').map(({ check }) => check);
        assert.ok(
          ['clock-steady', 'recordings-agree', 'witnesses-agree'].some((check) => doubted.includes(check)),
          `${story}: ${doubted.join(', ')}`,
        );
      }
    });
  }

  for (const [what, { of, clocks }] of Object.entries(declared)) {
    it(`finds the same causes with ${what}, if the offset was measured`, async function () {
      this.timeout(30_000);
      for (const story of [
        'rollout without readiness and preStop',
        'every pod on a node that goes off',
        'crash',
        'no pod ready',
      ]) {
        const { files, sent } = telling(story);
        const [plain, other] = [await judged(files), await judged(of(files), clocks)];
        assert.deepEqual(wrongOf(sent, other), []);
        assert.deepEqual(other.requests.byCause, plain.requests.byCause, story);
        assert.deepEqual(
          other.findings.map(({ check, verdict }) => `${check}: ${verdict}`),
          plain.findings.map(({ check, verdict }) => `${check}: ${verdict}`),
        );
      }
    });
  }

  it('names no wrong cause with a step of 60 ms for 0.7 s, even if nothing was recorded when the clock stepped back', async function () {
    this.timeout(30_000);
    for (const [index, story] of names.filter((_, each) => each % 6 === 1).entries()) {
      const { files, sent } = telling(story);
      const stepped = steppedBy(files, 60, at(5100 + 20 * index), at(5800 + 20 * index));
      assert.deepEqual(wrongOf(sent, await judged(stepped)), [], story);
    }
  });

  it('finds the same causes if the clock is slewed', async () => {
    const { files } = telling('rollout without readiness and preStop');
    const [plain, other] = [await judged(files), await judged(slewed(files, 500, at(1000)))];
    assert.deepEqual(other.requests.byCause, plain.requests.byCause);
  });

  it('still finds causes that a row shows by itself, with any clock', async () => {
    for (const [story, cause] of [
      ['an application that fails', 'http-error'],
      ['no DNS', 'dns-failure'],
    ] as const) {
      const { requests } = await judged(steppedBy(telling(story).files, 1000, at(5300)));
      assert.ok((requests.byCause[cause] ?? 0) > 0);
    }
  });
});
