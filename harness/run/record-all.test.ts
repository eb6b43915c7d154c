import assert from 'node:assert/strict';
import type { Claim } from '../model/claim.ts';
import type { ArmFindings } from '../model/finding.ts';
import type { Progress } from '../model/progress.ts';
import type { Verdict } from '../model/verdict.ts';
import { recordAll } from './record-all.ts';
import type { PlannedArm } from './session.ts';

const rollout = { id: 'update', when: { atMs: 0 }, fault: { name: 'rollout', params: {} }, limitMs: 1 };
/** Four clean trials show this claim. */
const claim: Claim = { confidence: 0.9, share: 0.45 };

function planned(name: string, until?: Claim): PlannedArm {
  const [, base, number] = /^(.*?)(?:-(\d))?$/.exec(name) ?? [];
  const role = base === 'control' || base === 'unprotected' ? base : 'treatment';
  const arm = { name, ...(number && { repeats: base }), role, disruptions: role === 'control' ? [] : [rollout] };
  return { experiment: { name: 'x' }, plan: { until }, arm } as unknown as PlannedArm;
}

/** Records these arms. Each passes by default, and an Error makes it fail. */
async function recorded(
  arms: readonly PlannedArm[],
  verdicts: { readonly [name: string]: Verdict | Error } = {},
  endsAt?: number,
) {
  const ran: string[] = [];
  const notes: string[] = [];
  const progress: Progress = {
    plan: () => {},
    step: (_, work) => work(),
    note: (text) => notes.push(text.trim()),
    now: () => {},
  };
  const record = async ({ arm }: PlannedArm) => {
    ran.push(arm.name);
    const verdict = verdicts[arm.name] ?? 'pass';
    if (verdict instanceof Error) throw verdict;
    return { verdict, measured: '' } as ArmFindings;
  };
  const broke = await recordAll({ arms, record }, progress, endsAt);
  return { ran, broke, notes: notes.filter((note) => note !== '') };
}

const names = ['treatment-3', 'control', 'treatment', 'treatment-2', 'treatment-4', 'treatment-5', 'unprotected'];

describe('a run', () => {
  it('records every arm if there is no claim', async () => {
    const { ran } = await recorded(
      names.map((name) => planned(name)),
      { 'treatment-2': 'fail' },
    );
    assert.deepEqual(ran, names);
  });

  it('ends with the first arm that throws', async () => {
    const gone = new Error('engine gone');
    const { ran, broke } = await recorded(
      names.map((name) => planned(name)),
      { treatment: gone },
    );
    assert.deepEqual(ran, ['treatment-3', 'control', 'treatment']);
    assert.equal(broke, gone);
  });

  it('repeats a treatment until its claim is shown, and reports the number', async () => {
    const { ran, notes } = await recorded(names.map((name) => planned(name, claim)));
    assert.deepEqual(
      ran,
      names.filter((name) => name !== 'treatment-5'),
    );
    assert.deepEqual(notes, [
      '1 clean rollout; 3 more to be 90 % sure that at most 45 % of all rollouts are bad',
      '2 clean rollouts; 2 more to be 90 % sure that at most 45 % of all rollouts are bad',
      '3 clean rollouts; 1 more to be 90 % sure that at most 45 % of all rollouts are bad',
      '4 clean rollouts: 90 % sure that at most 45 % of all rollouts are bad',
    ]);
  });

  for (const verdict of ['fail', 'inconclusive'] as const)
    it(`stops repeating a treatment after the verdict ${verdict}, and records the others`, async () => {
      const { ran, notes } = await recorded(
        names.map((name) => planned(name, claim)),
        { treatment: verdict },
      );
      assert.deepEqual(ran, ['treatment-3', 'control', 'treatment', 'unprotected']);
      assert.match(
        notes.at(-1) ?? '',
        new RegExp(`^1 clean rollout, then one with the verdict ${verdict}: not repeated any more`),
      );
    });

  it('skips repeats that do not fit the deadline, but no arm that has not run at all', async () => {
    const { ran, notes } = await recorded(
      names.map((name) => planned(name, claim)),
      {},
      performance.now() - 1,
    );
    assert.deepEqual(ran, ['treatment-3', 'control', 'unprotected']);
    assert.deepEqual(notes.slice(1), ['x treatment is not repeated: too little time is left before the deadline']);
  });
});
