import assert from 'node:assert/strict';
import { judgeRecording } from '../../judge/judge-arm.ts';
import type { ArmFindings } from '../../model/finding.ts';
import { ArmRecording, openArm } from '../../recording/arm-recording.ts';
import type { Files } from '../worlds/files.ts';
import { withFolder } from '../worlds/run-files.ts';
import { refusedIn } from './by-hand.ts';
import { type Clocks, clocksKnown, clocksUnknown, generatorNode } from './clocks.ts';
import { oneAfterAnother } from './edit.ts';
import { armOf, passingRuns } from './passing.ts';

const judged = (files: Files, { edit, clocks }: Clocks): Promise<ArmFindings> => {
  const edited = edit(files);
  assert.notDeepEqual(edited, files, 'the edit changes nothing');
  return withFolder(edited, (folder) => {
    const arm = openArm(folder, '');
    assert.ok(arm);
    return judgeRecording(new ArmRecording(arm.folder, { ...arm.file, clocks: clocks?.(files) ?? [], generatorNode }));
  });
};

const refusedLater = refusedIn('fault', 2100, 2700);

const doubts = ({ findings }: ArmFindings): string =>
  findings
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ check, measured }) => `${check}: ${measured}`)
    .join('\n');

for (const run of passingRuns) {
  describe(`the clocks of ${run.what}`, () => {
    const files = armOf(run, 'treatment');
    for (const [what, clocks] of Object.entries(clocksKnown))
      it(`can be ${what}`, async () => {
        const findings = await judged(files, clocks);
        assert.equal(findings.verdict, 'pass', doubts(findings));
      });

    for (const [what, { says, all, ...clocks }] of Object.entries(clocksUnknown)) {
      // Damages of all clocks take four times as long to judge in a real run, and show nothing more there.
      if (all && run.older) continue;
      it(`prove nothing about the workload if they are ${what}`, async () => {
        const findings = await judged(files, clocks);
        assert.equal(findings.verdict, 'inconclusive', doubts(findings));
        assert.match(doubts(findings), says);
        if (!all) return;
        // Refused requests are then unattributed, because their times cannot be compared.
        const lost = await judged(files, { ...clocks, edit: oneAfterAnother(refusedLater, clocks.edit) });
        assert.deepEqual(Object.keys(lost.requests.byCause), ['unattributed']);
        assert.equal(lost.verdict, 'inconclusive', doubts(lost));
      });
    }
  });
}
