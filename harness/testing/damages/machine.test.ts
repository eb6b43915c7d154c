import assert from 'node:assert/strict';
import { judgeArm, judgeRun } from '../../judge/judge.ts';
import { checkKey } from '../../model/checks.ts';
import type { ArmFindings } from '../../model/finding.ts';
import type { Files } from '../worlds/files.ts';
import { drainUnderABudget, lossOfOneNode } from '../worlds/guarded.ts';
import { withFolder } from '../worlds/run-files.ts';
import { tellStory } from '../worlds/tell.ts';
import { drainDamages } from './drain-and-loss.ts';
import { type Edit, oneAfterAnother, phaseStart, withEvent } from './edit.ts';
import {
  endedBeforeTheFault,
  failedBy503,
  frozen,
  heldUp,
  loopDelayed,
  machineTroubles,
  stolen,
  stopped,
  timedOut,
  tooEarly,
  usedBy,
} from './machine.ts';
import { armOf, inArm, passingRuns } from './passing.ts';

const judged = (files: Files): Promise<ArmFindings> => withFolder(files, (folder) => judgeArm(folder));

const doubts = ({ findings }: ArmFindings): string =>
  findings
    .filter(({ verdict }) => verdict !== 'pass')
    .map((finding) => `${checkKey(finding)}: ${finding.verdict}: ${finding.measured}`)
    .join('\n');

const verdictOf = (findings: ArmFindings, check: string) => findings.findings.find((each) => each.check === check);

for (const run of passingRuns) {
  describe(`a machine that cannot measure, with ${run.what}`, () => {
    const files = armOf(run, 'treatment');

    for (const [what, { lost, trouble, says }] of Object.entries(machineTroubles)) {
      it(`proves nothing about the workload: ${what}`, async () => {
        const bare = await judged(lost(files));
        assert.equal(bare.verdict, 'fail', `without the trouble of the machine it fails:\n${doubts(bare)}`);
        const troubled = lost(trouble(files));
        const findings = await judged(troubled);
        assert.equal(findings.verdict, 'inconclusive', doubts(findings));
        assert.match(doubts(findings), says);
        // Exactly one check explains the trouble, and suggests a solution.
        assert.equal(verdictOf(findings, 'machine-could-measure')?.verdict, 'inconclusive');
      });
    }

    it('proves nothing with a request that failed before the injection', async () => {
      const findings = await judged(tooEarly(files));
      assert.equal(findings.verdict, 'inconclusive', doubts(findings));
      const { arose, measured = '' } = verdictOf(findings, 'loss-as-expected') ?? {};
      assert.equal(arose, 'before-fault');
      assert.match(measured, /1 of them do not count against the workload: sent before the injection$/);
      assert.equal((await judged(failedBy503(1500)(files))).verdict, 'fail');
    });

    it('does not pass if a node was frozen but not by a fault, and no request was lost', async () => {
      const findings = await judged(frozen({ from: 1900, ms: 1500 })(files));
      assert.equal(findings.verdict, 'inconclusive');
      assert.match(verdictOf(findings, 'machine-could-measure')?.measured ?? '', /was frozen, but not by a disruption/);
    });

    it('does not pass if a fifth of the CPU time was stolen in all phases, and the finding names the users of the CPU', async () => {
      const findings = await judged(
        oneAfterAnother(
          stolen({ from: -60_000, ms: 600_000 }, 0.2),
          usedBy({ holdfast: 0.05, pods: { 'of-the-system': 0.1 } }),
        )(files),
      );
      assert.equal(findings.verdict, 'inconclusive');
      const found = verdictOf(findings, 'machine-could-measure');
      assert.equal(found?.arose, 'before-fault');
      assert.match(
        found?.measured ?? '',
        /^20 % of the CPU time was stolen; of the CPU time \d+ % was used: the workload’s pods 0 %, other pods 10 %, holdfast 5 %, all else \d+ %\. Stop what else runs/,
      );
    });
  });

  describe(`an arm that ended before the fault, with ${run.what}`, () => {
    const why = 'fresh sent 3 % of its requests later than 50 ms after they were due';
    const ended = (files: Files) => endedBeforeTheFault(why)(armOf({ files }, 'treatment'));

    it('is inconclusive for this reason only, and may be repeated', async () => {
      const findings = await judged(ended(run.files));
      assert.equal(findings.verdict, 'inconclusive');
      for (const { check, verdict, arose } of findings.findings)
        assert.equal(arose, verdict === 'pass' ? undefined : 'before-fault', check);
      assert.match(
        doubts(findings),
        /machine-could-measure: inconclusive: the arm ended before the fault: fresh sent 3 %/,
      );
      const whole = await withFolder(inArm('treatment', endedBeforeTheFault(why))(run.files), (folder) =>
        judgeRun(folder),
      );
      assert.equal(whole.verdict, 'inconclusive');
      assert.equal(whole.exitCode, 3);
      for (const { check, verdict, arose } of whole.experiments.flatMap(({ findings }) => findings))
        assert.equal(arose, verdict === 'pass' ? undefined : 'before-fault', check);
    });

    it('does not count as ended early if it was disrupted: it is judged completely, and does not pass', async () => {
      const note = withEvent((files) => phaseStart(files, 'fault') - 1000, {
        source: 'phase',
        type: 'unmeasurable',
        subject: 'treatment',
        data: { why },
      });
      const pass = await judged(note(armOf(run, 'treatment')));
      assert.equal(pass.verdict, 'inconclusive');
      const fail = await judged(oneAfterAnother(failedBy503(1500), note)(armOf(run, 'treatment')));
      assert.equal(fail.verdict, 'fail', doubts(fail));
    });
  });

  describe(`a busy machine that can still measure, with ${run.what}`, () => {
    const files = armOf(run, 'treatment');
    const all = { from: -60_000, ms: 600_000 };
    const unusual: { readonly [what: string]: Edit } = {
      'a harness that was delayed for 0.9 s': heldUp({ from: 1000, ms: 900 }),
      'an event loop that is blocked for 0.5 s in every second': loopDelayed(all, 500),
      'one second in which a fifth of the CPU time was stolen': stolen({ from: 1000, ms: 1000 }, 0.2),
      '3 % of the CPU time stolen in all phases': stolen(all, 0.03),
      'generators that send nothing for 0.15 s': stopped({ from: 1000, ms: 150 }),
      'clock samples with the users of the CPU': usedBy({ holdfast: 0.1, pods: { one: 0.2 } }),
      'clock samples without users of the CPU': usedBy({}),
      'a node that was frozen before the baseline': frozen({ from: -60_000, ms: 500 }),
    };
    for (const [what, edit] of Object.entries(unusual)) {
      it(`still passes with ${what}`, async () => {
        const findings = await judged(edit(files));
        assert.equal(findings.verdict, 'pass', doubts(findings));
      });
    }

    const failing: { readonly [what: string]: Edit } = {
      'a pause long after a request failed': oneAfterAnother(failedBy503(500), stopped({ from: 3000, ms: 400 })),
      'a pause that is too short to explain a timeout of 2 s': oneAfterAnother(
        timedOut(900),
        stopped({ from: 1000, ms: 400 }),
      ),
      'a pause long before a request failed': oneAfterAnother(failedBy503(3500), stopped({ from: 1000, ms: 400 })),
      'a harness that was delayed for 0.9 s at the same time': oneAfterAnother(
        failedBy503(1500),
        heldUp({ from: 1000, ms: 900 }),
      ),
      'a fifth of the CPU time stolen in all phases, which does not explain an error': oneAfterAnother(
        failedBy503(1500),
        stolen({ from: -60_000, ms: 600_000 }, 0.2),
      ),
      'a failure before a node was frozen': oneAfterAnother(failedBy503(500), frozen({ from: 3000, ms: 400 })),
      'a fifth of the CPU time stolen for 2 s': oneAfterAnother(
        failedBy503(1500),
        stolen({ from: 500, ms: 2000 }, 0.2),
      ),
    };
    for (const [what, edit] of Object.entries(failing)) {
      it(`still fails if a treatment lost requests, with ${what}`, async () => {
        const findings = await judged(edit(files));
        assert.equal(findings.verdict, 'fail', doubts(findings));
      });
    }

    it('still has the expected loss without protection, while the harness is delayed and CPU time is stolen', async () => {
      const busy = oneAfterAnother(heldUp({ from: 1000, ms: 900 }), stolen({ from: 500, ms: 2000 }, 0.2));
      const findings = await judged(busy(armOf(run, 'neither')));
      assert.equal(findings.verdict, 'pass', doubts(findings));
    });
  });
}

describe('a frozen node that no fault targeted, while a fault took another node', () => {
  const { files } = tellStory(lossOfOneNode, { seed: 1, skewMs: 0, lateMs: 20 });

  it('proves nothing about the workload', async () => {
    const findings = await judged(frozen({ from: 2000, ms: 1000 }, { node: 'w2' })(files));
    assert.equal(findings.verdict, 'inconclusive', doubts(findings));
    assert.match(doubts(findings), /w2 was frozen, but not by a disruption/);
  });

  it('proves nothing with requests that a healthy pod lost in the meantime', async () => {
    const lost = failedBy503(6500);
    assert.equal((await judged(lost(files))).verdict, 'fail');
    const findings = await judged(oneAfterAnother(frozen({ from: 6000, ms: 2000 }, { of: 6500 }), lost)(files));
    assert.equal(findings.verdict, 'inconclusive', doubts(findings));
  });

  it('proves nothing with a silence during which the generators were stopped', async () => {
    const still = { from: 6000, ms: 2300 };
    const lost = timedOut(5940);
    assert.equal((await judged(lost(files))).verdict, 'fail');
    const findings = await judged(oneAfterAnother(lost, stopped(still), heldUp(still))(files));
    assert.equal(findings.verdict, 'inconclusive', doubts(findings));
  });

  it('does not prevent a pass if only the node of the fault is started again at its end', async () => {
    const started = withEvent((own) => phaseStart(own, 'tail') - 300_000, {
      source: 'container',
      type: 'start',
      subject: 'w1',
      data: { state: 'running', exitCode: null },
    });
    const findings = await judged(started(files));
    assert.equal(findings.verdict, 'pass', doubts(findings));
  });
});

describe('a demand on an arm whose machine had trouble', () => {
  const { files } = tellStory(drainUnderABudget, { seed: 1, skewMs: 0, lateMs: 20 });
  const fewer = drainDamages['a second pod that was not ready at the same time']?.edit ?? ((all: Files) => all);

  it('fails on a machine without trouble', async () => assert.equal((await judged(fewer(files))).verdict, 'fail'));

  const troubles: { readonly [what: string]: Edit } = {
    'a node was frozen, but not by a fault': frozen({ from: 800, ms: 500 }, { node: 'w2' }),
    'the generators were stopped': stopped({ from: 500, ms: 600 }),
    'the harness was delayed': heldUp({ from: 500, ms: 1500 }),
  };
  for (const [what, trouble] of Object.entries(troubles)) {
    it(`is inconclusive if ${what}`, async () => {
      const findings = await judged(fewer(trouble(files)));
      assert.equal(findings.verdict, 'inconclusive', doubts(findings));
      assert.match(
        doubts(findings),
        /demand-met: ready-endpoints: inconclusive: .*\. The workload may not be the reason: /,
      );
    });
  }
});
