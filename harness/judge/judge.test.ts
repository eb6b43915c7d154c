import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArmFindings, RunFindings } from '../model/finding.ts';
import { UsageError } from '../model/usage-error.ts';
import { sealArm } from '../recording/seal.ts';
import { at } from '../testing/worlds/clocks.ts';
import { armSettings, runFiles, type SyntheticArm, syntheticArm, withFolder } from '../testing/worlds/run-files.ts';
import { judgeArm, judgeRun } from './judge.ts';

const recorded = (name: keyof typeof armSettings): SyntheticArm => syntheticArm(name, armSettings[name], { seed: 5 });
const names = Object.keys(armSettings) as (keyof typeof armSettings)[];

const judged = (arms: readonly SyntheticArm[]): Promise<RunFindings> => withFolder(runFiles(arms), judgeRun);

function armOf(findings: RunFindings, name: string): ArmFindings {
  const arm = findings.experiments[0]?.arms.find((each) => each.name === name);
  assert.ok(arm, `no arm ${name}`);
  return arm;
}

const doubtsOf = (arm: ArmFindings): string[] =>
  arm.findings.filter(({ verdict }) => verdict !== 'pass').map(({ check, verdict }) => `${verdict}: ${check}`);

describe('judge', () => {
  it('passes a run whose arms are all as declared', async () => {
    const findings = await judged(names.map(recorded));
    for (const name of names) assert.deepEqual(doubtsOf(armOf(findings, name)), [], name);
    assert.equal(findings.verdict, 'pass');
    assert.equal(findings.exitCode, 0);
    assert.match(findings.sentence, /none of [\d,]+ requests failed; without protection it lost \d+/);
    assert.match(
      findings.experiments[0]?.strength ?? '',
      /^1 clean rollout bounds the share of bad rollouts at 95 % \(95 % confidence\); [\d,]+ clean requests rule out a steady loss above 0\.\d+ %$/,
    );
  });

  it('counts only requests from the baseline to the end of the tail, and a cause for each failure', async () => {
    const neither = recorded('neither');
    const { phases } = neither.world;
    const sent = neither.requests.filter(({ start }) => start >= phases.baseline && start < phases.end);
    const arm = armOf(await judged([neither]), 'neither');
    assert.equal(arm.requests.total, sent.length);
    assert.equal(arm.requests.failed, sent.filter(({ cause }) => cause !== undefined).length);
    const sum = (counts: { readonly [key: string]: number }) =>
      Object.values(counts).reduce((one, other) => one + other, 0);
    assert.equal(sum(arm.requests.byCause), arm.requests.failed);
    const buckets = arm.story?.buckets ?? [];
    assert.equal(
      buckets.reduce((total, bucket) => total + bucket.answered + sum(bucket.failed), 0),
      arm.requests.total,
    );
  });

  it('fails a treatment that loses requests, and names the cause', async () => {
    const liar = syntheticArm('treatment', { ...armSettings.treatment, preStopSeconds: 0 });
    const arms = names.map((name) => (name === 'treatment' ? liar : recorded(name)));
    const findings = await judged(arms);
    assert.equal(findings.verdict, 'fail');
    assert.equal(findings.exitCode, 1);
    assert.match(findings.sentence, /treatment.*terminated, still routed to/);
    assert.doesNotMatch(findings.sentence, /went wrong/, 'there was only one run');
    assert.deepEqual(doubtsOf(armOf(findings, 'treatment')), ['fail: loss-as-expected']);
    assert.equal(findings.experiments[0]?.strength, '');
  });

  it('says where the greatest share failed, if the expectation bounds a share', async () => {
    const expect = {
      kind: 'bounded-loss',
      causes: ['not-listening-yet'],
      afterwards: [],
      windowMs: 1000,
      shareAtMost: 1,
    } as const;
    const arm = syntheticArm('neither', { ...armSettings.neither, expect });
    const { story } = armOf(await judged([arm]), 'neither');
    assert.ok(story?.worstWindow);
    const { from, to, share } = story.worstWindow;
    assert.equal(to - from, 1e6);
    const inside = arm.requests.filter(({ start }) => at(start) >= from && at(start) < to);
    const failed = inside.filter(({ cause }) => cause !== undefined).length;
    assert.ok(failed > 0);
    assert.equal(share, failed / inside.length);
    assert.equal(armOf(await judged([recorded('neither')]), 'neither').story?.worstWindow, undefined);
  });

  it('is inconclusive if the control loses requests', async () => {
    const noisy = syntheticArm('control', { ...armSettings.neither, role: 'control', expect: { kind: 'no-loss' } });
    const findings = await judged(names.map((name) => (name === 'control' ? noisy : recorded(name))));
    assert.equal(findings.verdict, 'inconclusive');
    const [losses] = armOf(findings, 'control').findings;
    assert.match(losses?.measured ?? '', /The lab itself loses requests, so the run says nothing about the workload/);
  });

  it('is inconclusive if an unprotected arm loses nothing', async () => {
    const safe = syntheticArm('neither', {
      ...armSettings.treatment,
      role: 'unprotected',
      expect: armSettings.neither.expect,
    });
    const findings = await judged(names.map((name) => (name === 'neither' ? safe : recorded(name))));
    assert.equal(findings.verdict, 'inconclusive');
    assert.equal(findings.exitCode, 3);
    assert.match(findings.sentence, /This experiment cannot detect the loss/);
  });

  it('measures the smallest margins of a pass', async () => {
    const treatment = recorded('treatment');
    const arm = armOf(await judged([treatment]), 'treatment');
    assert.match(arm.measured, /closest: web-old-\d closed its listener \d\.\d\d s after it was last routed to/);
    assert.match(arm.measured, /web-new-\d got its first connection \d\.\d\d s after it listened/);
    for (const lane of arm.story?.pods ?? []) {
      const truth = treatment.world.pods.find(({ name }) => name === lane.pod);
      assert.equal(lane.closeMarginMs !== undefined, truth?.close !== undefined, lane.pod);
      assert.equal(lane.listenMarginMs !== undefined, lane.pod.includes('new'), lane.pod);
    }
  });

  it('reads a sealed recording like an unsealed one', async () => {
    const arms = names.map(recorded);
    await withFolder(runFiles(arms), async (folder) => {
      const open = await judgeRun(folder);
      for (const name of names) await sealArm(join(folder, 'rolling-update', name));
      const sealed = await judgeRun(folder);
      assert.deepEqual(sealed.experiments, open.experiments);
    });
  });

  it('passes each arm to the progress display, by experiment and name', async () => {
    await withFolder(runFiles(names.map(recorded)), async (folder) => {
      const titles: string[] = [];
      const findings = await judgeRun(folder, {
        around(title, work) {
          titles.push(title);
          return work();
        },
      });
      assert.deepEqual(
        titles,
        findings.experiments.flatMap(({ name, arms }) => arms.map((arm) => `${name} ${arm.name}`)),
      );
    });
  });

  it('gives an arm without a recording an error, and judges the other arms', async () => {
    await withFolder(runFiles(names.map(recorded)), async (folder) => {
      await rename(join(folder, 'rolling-update', 'neither'), join(folder, 'elsewhere'));
      const findings = await judgeRun(folder);
      assert.equal(findings.exitCode, 4);
      assert.equal(armOf(findings, 'neither').measured, 'nothing was recorded');
      assert.equal(armOf(findings, 'treatment').verdict, 'pass');
    });
  });

  it('is inconclusive about an arm whose events have an unknown schema, and says so', async () => {
    const arm = recorded('treatment');
    const [, ...events] = arm.files['events.ndjson'] ?? [];
    const files = { ...arm.files, 'events.ndjson': ['{"schema":"holdfast.events/9"}', ...events] };
    const findings = await judged([recorded('control'), recorded('neither'), { ...arm, files }]);
    assert.equal(findings.exitCode, 3);
    const whole = armOf(findings, 'treatment').findings.find(({ check }) => check === 'recording-intact');
    assert.match(
      whole?.evidence?.[0]?.text ?? '',
      /^events\.ndjson: its schema is "holdfast\.events\/9", but this version of holdfast/,
    );
  });

  it('says why the recorder gave up', async () => {
    const arm = recorded('treatment');
    const events = arm.files['events.ndjson'] ?? [];
    const broke = {
      at: 1_795_000_020_000_000,
      source: 'phase',
      type: 'error',
      subject: 'treatment',
      data: { message: 'no disk left' },
    };
    const files = { ...arm.files, 'events.ndjson': [...events, JSON.stringify(broke)] };
    const found = armOf(await judged([{ ...arm, files }]), 'treatment');
    assert.equal(found.verdict, 'error');
    assert.deepEqual(
      found.findings.map(({ measured }) => measured),
      ['it broke: no disk left'],
    );
  });

  it('counts every failure, and keeps a thousand including the last', async () => {
    const { files, ...arm } = recorded('treatment');
    const refused = (line: string) => line.replace(/,0,"",200,/, ',1212,"dial: connection refused",0,');
    const rows = ['requests-fresh.ndjson', 'requests-kept-alive.ndjson'];
    const all = Object.entries(files).map(([path, lines]) => [path, rows.includes(path) ? lines.map(refused) : lines]);
    const found = armOf(await judged([{ ...arm, files: Object.fromEntries(all) }]), 'treatment');
    const { failed, byCause, unattributed } = found.requests;
    assert.ok(failed > 1000, `${failed}`);
    assert.equal(failed, found.requests.total);
    assert.equal(unattributed, byCause.unattributed ?? 0);
    assert.equal(found.failures.length, 1000);
    const starts = found.failures.map(({ request }) => request.start);
    assert.deepEqual(
      starts,
      starts.toSorted((one, other) => one - other),
    );
    const causes = new Set(Object.keys(byCause));
    assert.deepEqual(new Set(found.failures.map(({ cause }) => cause)), causes);
  });

  it('judges one arm by its folder', async () => {
    const arm = recorded('treatment');
    const found = await withFolder(arm.files, judgeArm);
    assert.equal(found.verdict, 'pass');
    await assert.rejects(() => withFolder({}, judgeArm), UsageError);
  });
});
