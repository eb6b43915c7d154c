import assert from 'node:assert/strict';
import type { RunPlan } from '../../model/plan.ts';
import { upgradeFindings } from './findings.ts';

const finding = (check: string, expected = 'this') => ({ check, verdict: 'pass', expected, measured: 'that' });

const demands = [
  { kind: 'ready-endpoints', atLeast: 2 },
  { kind: 'margin', of: 'close', atLeastMs: 500 },
];

/** Findings in the schema holdfast.findings/2: one arm, and the experiment. */
const older = (ofArm: readonly object[], ofExperiment: readonly object[] = []) => ({
  schema: 'holdfast.findings/2',
  plan: { experiments: [{ name: 'drain', arms: [{ name: 'treatment', demands }] }] },
  experiments: [{ name: 'drain', findings: ofExperiment, arms: [{ name: 'treatment', findings: ofArm }] }],
});

interface Upgraded {
  readonly schema: string;
  readonly experiments: readonly {
    readonly findings: readonly object[];
    readonly arms: readonly { readonly findings: readonly object[] }[];
  }[];
}

const upgraded = (...findings: Parameters<typeof older>) => {
  const { schema, experiments } = upgradeFindings(older(...findings)) as Upgraded;
  const [experiment] = experiments;
  return { schema, ofExperiment: experiment?.findings, ofArm: experiment?.arms[0]?.findings };
};

const rest = { verdict: 'pass', expected: 'this', measured: 'that' };

describe('older findings', () => {
  it('get the ids of their checks, and keep everything else', () => {
    const { schema, ofArm, ofExperiment } = upgraded(
      [
        finding('losses are as expected'),
        finding('the fault landed: drain: again'),
        finding('the watches and the pods’ logs agree'),
        finding('exposed'),
        finding('as-planned'),
      ],
      [finding('the arms make an experiment'), finding('the claim is shown: treatment')],
    );
    assert.equal(schema, 'holdfast.findings/3');
    assert.deepEqual(ofArm, [
      { check: 'loss-as-expected', ...rest },
      { check: 'fault-landed', of: 'drain: again', ...rest },
      { check: 'watches-match-logs', ...rest },
      { check: 'exposed', ...rest },
      { check: 'as-planned', ...rest },
    ]);
    assert.deepEqual(ofExperiment, [
      { check: 'experiment-valid', ...rest },
      { check: 'claim-shown', of: 'treatment', ...rest },
    ]);
  });

  it('identify demands by the plan, for any text of the check', () => {
    const [endpoints, spare] = ['never fewer than 2 ready endpoints', 'half a second to spare'];
    const { ofArm } = upgraded([finding(endpoints, endpoints), finding('exposed'), finding(spare, spare)]);
    assert.deepEqual(ofArm, [
      { check: 'demand-met', of: 'ready-endpoints', ...rest, expected: endpoints },
      { check: 'exposed', ...rest },
      { check: 'demand-met', of: 'margin-close', ...rest, expected: spare },
    ]);
  });

  it('keep the text of demands if the plan has other demands', () => {
    const words = 'never fewer than 2 ready endpoints';
    assert.deepEqual(upgraded([finding(words, words)]).ofArm, [
      { check: 'demand-met', of: words, ...rest, expected: words },
    ]);
  });

  it('keep unknown names', () => {
    const unknown = [finding('what was asked once'), finding('the fault landed'), finding('nothing was missed: web')];
    assert.deepEqual(upgraded(unknown).ofArm, unknown);
  });

  it('name the revisions of replicas and pods instead of their versions', () => {
    const ofArm = ['running-at-end-version-1', 'running-at-end-version-3', 'running-at-end', 'margin-close'].map(
      (of) => ({ check: 'demand-met', of, ...rest }),
    );
    const pods = [
      { pod: 'web-1', version: '1' },
      { pod: 'web-2', version: '1', revision: '7c4b9d8f65' },
    ];
    const { experiments } = older(ofArm);
    const told = experiments.map((each) => ({ ...each, arms: each.arms.map((arm) => ({ ...arm, story: { pods } })) }));
    const findings = { ...older([]), schema: 'holdfast.findings/3', experiments: told };
    const [arm] = (upgradeFindings(findings) as typeof findings).experiments[0]?.arms ?? [];
    assert.deepEqual(
      arm?.findings.map((each) => (each as { of?: string }).of),
      ['running-at-end-old', 'running-at-end-new', 'running-at-end', 'margin-close'],
    );
    assert.deepEqual(arm?.story.pods, [{ pod: 'web-1', version: '1', revision: '1' }, pods[1]]);
  });

  it('get the plan of the current version, whatever their own version is', () => {
    const arm = { name: 'treatment', workload: { replicas: 3 } };
    const plan = { schema: 'holdfast.plan/1', experiments: [{ name: 'drain', arms: [arm] }] };
    for (const schema of ['holdfast.findings/2', 'holdfast.findings/3']) {
      const { plan: upgradedPlan } = upgradeFindings({ ...older([]), schema, plan }) as { plan: RunPlan };
      assert.equal(upgradedPlan.schema, 'holdfast.plan/2');
      assert.equal(upgradedPlan.experiments[0]?.arms[0]?.workload.facts.replicas, 3);
    }
  });

  it('are unchanged if they are newer or not findings', () => {
    const newer = { ...older([finding('losses are as expected')]), schema: 'holdfast.findings/3' };
    assert.deepEqual((upgradeFindings(newer) as Upgraded).experiments, newer.experiments);
    for (const none of [null, 'x', [1]]) assert.deepEqual(upgradeFindings(none), none);
    const odd = {
      schema: 'holdfast.findings/2',
      plan: null,
      experiments: [1, { findings: 'x', arms: [null, { findings: [{ check: 1 }] }] }],
    };
    assert.deepEqual(upgradeFindings(odd), { ...odd, schema: 'holdfast.findings/3' });
  });
});
