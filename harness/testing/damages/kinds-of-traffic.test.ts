import assert from 'node:assert/strict';
import { judgeArm } from '../../judge/judge.ts';
import { lossOfOneNode } from '../worlds/guarded.ts';
import { withFolder } from '../worlds/run-files.ts';
import { tellStory } from '../worlds/tell.ts';
import { oneAfterAnother } from './edit.ts';
import { type Lost, lostOnTheDeadNode } from './kinds-of-traffic.ts';

const { files } = tellStory(lossOfOneNode, { seed: 1, skewMs: 0, lateMs: 20 });

async function judged(...lost: readonly Lost[]) {
  const { findings, verdict, story } = await withFolder(
    oneAfterAnother(...lost.map(lostOnTheDeadNode))(files),
    (folder) => judgeArm(folder),
  );
  const { measured = '' } = findings.find(({ check }) => check === 'loss-as-expected') ?? {};
  const doubts = findings
    .filter((each) => each.verdict !== 'pass')
    .map(({ check, measured }) => `${check}: ${measured}`);
  return { verdict, measured, doubts: doubts.join('\n'), silence: story?.silence };
}

/** Losses of all requests on one kind of connection while the other kind is answered, and the expected message. */
const broken: { readonly [what: string]: { readonly lost: Lost; readonly says: RegExp } } = {
  'fresh connections for 1.6 s': {
    lost: { conn: 'fresh', from: 200, to: 1800 },
    says: /^on fresh connections no answer for 1\.[56]\d s/,
  },
  'kept-alive connections for 1.6 s': {
    lost: { conn: 'kept-alive', from: 200, to: 1800 },
    says: /^on kept-alive connections no answer for 1\.[56]\d s/,
  },
  'fresh connections for 1.2 s, just before the rule for the lost pod is removed': {
    lost: { conn: 'fresh', from: 2700, to: 3900 },
    says: /^on fresh connections no answer for 1\.[12]\d s/,
  },
  'kept-alive connections for 3 s': {
    lost: { conn: 'kept-alive', from: 500, to: 3500 },
    says: /^on kept-alive connections no answer for (?:2\.9|3\.)\d+ s/,
  },
};

describe('the loss of one node of three', () => {
  for (const [what, { lost, says }] of Object.entries(broken)) {
    it(`fails if it loses all requests on ${what}, while the other kind is answered`, async () => {
      const { verdict, measured, doubts } = await judged(lost);
      assert.match(measured, says, doubts);
      assert.equal(verdict, 'fail', doubts);
    });
  }

  it('fails if it loses one kind after the other, but never both at once', async () => {
    const fresh: Lost = { conn: 'fresh', from: 300, to: 1500 };
    const { verdict, measured, doubts } = await judged(fresh, { conn: 'kept-alive', from: 1800, to: 3300 });
    assert.equal(verdict, 'fail', doubts);
    assert.match(measured, /^on fresh connections no answer .*; on kept-alive connections no answer/);
  });

  it('includes the silence of one kind in the data for reports', async () => {
    const { silence } = await judged({ conn: 'fresh', from: 200, to: 1800 });
    assert.ok(silence && silence.to - silence.from > 1_500_000);
    assert.equal(silence.conn, 'fresh');
  });

  it('still passes if it loses all requests of one kind for 0.8 s, because the next one may be answered', async () => {
    const { verdict, measured, doubts } = await judged({ conn: 'fresh', from: 200, to: 1000 });
    assert.equal(verdict, 'pass', doubts);
    assert.match(measured, /never without an answer for 0\.50 s|on fresh connections/);
  });

  it('still passes if it loses most requests of both kinds, within the bound', async () => {
    const some: Lost = { conn: 'fresh', from: 200, to: 900, butOneOf: 2 };
    const { verdict, doubts } = await judged(some, { ...some, conn: 'kept-alive' });
    assert.equal(verdict, 'pass', doubts);
  });
});
