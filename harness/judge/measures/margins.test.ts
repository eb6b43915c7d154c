import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Demand } from '../../model/experiment.ts';
import type { ArmFindings } from '../../model/finding.ts';
import { armJson } from '../../testing/worlds/arm-json.ts';
import { armSettings, type SyntheticArm, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { judgeArm } from '../judge.ts';

const treatment = (demands: readonly Demand[] = []): SyntheticArm => {
  const arm = syntheticArm('treatment', armSettings.treatment, { seed: 5 });
  const plan = { ...arm.plan, demands };
  return { ...arm, plan, files: { ...arm.files, 'arm.json': [armJson(plan)] } };
};

/** The pod’s deletion has a grace period, as in the API. */
const withGrace = ({ files, ...arm }: SyntheticArm, graceSeconds: number): SyntheticArm => ({
  ...arm,
  files: {
    ...files,
    'events.ndjson': (files['events.ndjson'] ?? []).map((line) =>
      line.includes('"terminating":true')
        ? line.replace('"graceSeconds":null', `"graceSeconds":${graceSeconds}`)
        : line,
    ),
  },
});

const judged = ({ files }: SyntheticArm): Promise<ArmFindings> => withFolder(files, judgeArm);

const findingOfDemand = (arm: ArmFindings) => {
  const finding = arm.findings.find(({ check }) => check === 'demand-met');
  assert.ok(finding, 'no finding of a demand');
  return finding;
};

describe('margins', () => {
  it('are the smallest of the pods’ margins, and when that was', async () => {
    const arm = await judged(treatment());
    for (const [kind, field] of [
      ['close', 'closeMarginMs'],
      ['listen', 'listenMarginMs'],
    ] as const) {
      const lanes = (arm.story?.pods ?? []).filter((lane) => lane[field] !== undefined);
      const smallest = Math.min(...lanes.map((lane) => lane[field] ?? 0));
      const margin = arm.margins?.[kind];
      assert.equal(margin?.smallestMs, smallest);
      assert.equal(margin?.pods, 3);
      assert.equal(lanes.find(({ pod }) => pod === margin?.pod)?.[field], smallest);
    }
    const closest = arm.story?.pods.find(({ pod }) => pod === arm.margins?.close?.pod);
    assert.equal(arm.margins?.close?.at, closest?.listening.at(-1)?.to);
    assert.equal(
      arm.margins?.listen?.at,
      arm.story?.pods.find(({ pod }) => pod === arm.margins?.listen?.pod)?.firstRouted,
    );
  });

  it('of a shutdown are the rest of the grace period after the last request ended', async () => {
    const arm = withGrace(treatment(), 10);
    const { margins } = await judged(arm);
    const left = arm.world.pods.flatMap(({ name, deleted }) => {
      if (deleted === undefined) return [];
      const ends = arm.requests.filter(({ pod }) => pod?.name === name).map(({ served }) => served?.end ?? 0);
      return [10_000 - (Math.max(...ends) - deleted)];
    });
    const difference = (margins?.grace?.smallestMs ?? 0) - Math.min(...left);
    assert.ok(difference >= 0 && difference <= 12, `watched ${difference} ms late`);
    assert.equal(margins?.grace?.pods, 3);
  });

  it('of a shutdown are unknown if the grace period is unknown', async () =>
    assert.equal((await judged(treatment())).margins?.grace, undefined));

  it('are negative if they were missed', async () => {
    const { margins } = await withFolder(syntheticArm('neither', armSettings.neither, { seed: 5 }).files, judgeArm);
    assert.ok((margins?.close?.smallestMs ?? 0) < 0);
    assert.ok((margins?.listen?.smallestMs ?? 0) < 0);
  });

  it('are measured in a run on a real cluster', async () => {
    const recording = join(
      import.meta.dirname,
      '../../testing/golden',
      'rolling-update-pass',
      'rolling-update',
      'treatment',
    );
    const { margins } = await judgeArm(recording);
    assert.equal(margins?.close?.pods, 3);
    assert.equal(margins?.listen?.pods, 3);
    assert.equal(margins?.grace?.pods, 3);
    assert.equal(margins?.budget, undefined);
    const { smallestMs } = margins?.grace ?? { smallestMs: 0 };
    // The grace period is 30 s; the preStop sleep takes 5 s of it and the drain at most 3 s.
    assert.ok(smallestMs > 21_000 && smallestMs < 26_000, `${smallestMs}`);
  });
});

describe('a demand for a margin', () => {
  const ask = async (demand: Demand, arm = treatment([demand])) => findingOfDemand(await judged(arm));

  it('distinguishes a narrow pass from a wide one', async () => {
    const close = (await judged(treatment())).margins?.close?.smallestMs ?? 0;
    const wide = await ask({ kind: 'margin', of: 'close', atLeastMs: Math.floor(close) });
    assert.equal(wide.verdict, 'pass');
    assert.match(wide.expected, /^at least [\d.]+ s to spare from last routed to listener closed$/);
    assert.match(wide.measured, /^\d\.\d\d s to spare \(web-old-\d, the closest of 3 pods\)$/);
    const narrow = await ask({ kind: 'margin', of: 'close', atLeastMs: Math.ceil(close) });
    assert.equal(narrow.verdict, 'fail');
    assert.match(
      narrow.evidence[0]?.text ?? '',
      /^web-old-\d: \d\.\d\d s to spare from last routed to listener closed$/,
    );
    assert.ok(narrow.evidence[0]?.at);
  });

  it('is inconclusive if no pod was measured', async () => {
    const demand = { kind: 'margin', of: 'grace', atLeastMs: 0 } as const;
    const { verdict, measured } = await ask(demand);
    assert.equal(verdict, 'inconclusive');
    assert.match(measured, /^no pod was seen from last request ended/);
  });

  const closeAtLeast = (atLeastMs: number) => ({ kind: 'margin', of: 'close', atLeastMs }) as const;
  const withRules = ({ files, ...arm }: SyntheticArm, change: (lines: string[]) => string[]): SyntheticArm => ({
    ...arm,
    files: { ...files, 'rules.log': change(files['rules.log'] ?? []) },
  });

  it('fails if a rule existed longer than the last connection, and is inconclusive if rules are missing', async () => {
    const whole = treatment();
    const { 'rules.log': _, ...older } = whole.files;
    const alone = await judged({ ...whole, files: older });
    assert.match(alone.measured, /closed its listener [\d.]+ s after its last connection/);
    const [byRules, byConnections] = [await judged(whole), alone].map(({ margins }) => margins?.close?.smallestMs ?? 0);
    assert.ok(byRules !== undefined && byConnections !== undefined && byConnections > byRules + 1);
    const demand = closeAtLeast((byRules + byConnections) / 2);
    const arm = treatment([demand]);
    assert.equal((await ask(demand, arm)).verdict, 'fail');
    for (const lost of [() => [], () => ['?', 'no rule at all'], (all: string[]) => all.slice(0, -9)])
      assert.equal((await ask(demand, withRules(arm, lost))).verdict, 'inconclusive');
  });

  it('fails because of connections alone if they came too late', async () => {
    const { plan, ...arm } = syntheticArm('treatment', { ...armSettings.treatment, preStopSeconds: 0 }, { seed: 5 });
    const asked = { ...plan, demands: [closeAtLeast(0)] };
    const { 'rules.log': _, ...files } = arm.files;
    const late = { ...arm, plan: asked, files: { ...files, 'arm.json': [armJson(asked)] } };
    const { verdict, measured } = await ask(closeAtLeast(0), late);
    assert.equal(verdict, 'fail');
    assert.match(measured, /too late/);
  });

  it('fails if a shutdown interrupted a request', async () => {
    const demand = { kind: 'margin', of: 'grace', atLeastMs: 0 } as const;
    const arm = withGrace(treatment([demand]), 10);
    assert.equal((await ask(demand, arm)).verdict, 'pass');
    const log = [...(arm.files['workload/web-old-1.ndjson'] ?? [])];
    const last = log.findLastIndex((line) => line.includes('"type":"end"'));
    log.splice(last, 1);
    const cut = await ask(demand, { ...arm, files: { ...arm.files, 'workload/web-old-1.ndjson': log } });
    assert.equal(cut.verdict, 'fail');
    assert.equal(cut.measured, 'web-old-1 left 1 request unended');
  });
});
