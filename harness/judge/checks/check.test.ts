import assert from 'node:assert/strict';
import { armJson } from '../../testing/worlds/arm-json.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { judgeArm } from '../judge.ts';
import { Timeline } from '../timeline/timeline.ts';
import { answer, type Check, withEvidenceIn } from './check.ts';

describe('where to look up the evidence of a finding', () => {
  const evidence = { timeline: new Timeline() } as unknown as ArmEvidence;
  const ask = (check: Check) => withEvidenceIn('events.ndjson', check).map((each) => answer(each, evidence).look);

  it('is part of every finding but a pass, even if the check crashed', () => {
    const answered = { expected: 'this', measured: 'that' };
    assert.deepEqual(ask({ id: 'exposed', ask: () => ({ ...answered, verdict: 'inconclusive' }) }), ['events.ndjson']);
    assert.deepEqual(ask({ id: 'exposed', ask: () => assert.fail('crashed') }), ['events.ndjson']);
    assert.deepEqual(ask({ id: 'exposed', ask: () => ({ ...answered, verdict: 'pass' }) }), [undefined]);
  });

  it('is known for every finding about a recorded arm', async () => {
    const { files, plan: planned } = syntheticArm('treatment', armSettings.neither, { seed: 5 });
    const plan = armJson({ ...planned, role: 'treatment', expect: { kind: 'no-loss' } });
    const { findings } = await withFolder(
      { ...files, 'arm.json': [plan], 'clock.ndjson': [], 'conntrack.log': [] },
      judgeArm,
    );
    const doubts = findings.filter(({ verdict }) => verdict !== 'pass');
    const looks = new Map(doubts.map(({ check, look }) => [check, look]));
    assert.equal(looks.get('loss-as-expected'), 'failed requests');
    assert.equal(looks.get('clock-steady'), 'clock.ndjson');
    assert.ok(doubts.length > 3);
    assert.deepEqual(
      [...looks.values()].filter((look) => look === undefined),
      [],
    );
  });

  it('is the events file if the arm broke', async () => {
    const { files } = syntheticArm('treatment', armSettings.treatment, { seed: 5 });
    const broke = JSON.stringify({
      at: 1,
      source: 'phase',
      type: 'error',
      subject: 'treatment',
      data: { message: 'no' },
    });
    const events = [...(files['events.ndjson'] ?? []), broke];
    const { findings } = await withFolder({ ...files, 'events.ndjson': events }, judgeArm);
    assert.deepEqual(
      findings.map(({ verdict, look }) => [verdict, look]),
      [['error', 'events.ndjson']],
    );
  });
});
