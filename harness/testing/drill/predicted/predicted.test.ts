import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flawsOf } from '../../../model/arm-rules.ts';
import type { ArmFindings } from '../../../model/finding.ts';
import type { Verdict } from '../../../model/verdict.ts';
import { planExperiment } from '../../../plan/plan.ts';
import { objectsOf as plannedObjects } from '../../../plan/workload.ts';
import { loadWorkload } from '../../../run/experiments.ts';
import type { V1Deployment, V1Service } from '../../../sys/kube.ts';
import { type DrillName, experimentOf, predictedDrills } from './drills.ts';
import { untilEvent } from './moment.ts';
import { differences, type Prediction, predictedInWords, seenInWords } from './prediction.ts';
import { predictions } from './predictions.ts';

const names = Object.keys(predictedDrills) as DrillName[];

async function objectsOf(name: DrillName) {
  const { workload } = experimentOf(name, await loadWorkload('specimen'));
  return plannedObjects(workload, workload.changes) as readonly unknown[] as readonly (V1Deployment | V1Service)[];
}

describe('predicted drills', () => {
  it('each have a prediction, and an arm that can be planned', async () => {
    assert.deepEqual(Object.keys(predictions), names);
    const workload = await loadWorkload('specimen');
    for (const name of names) {
      const experiment = experimentOf(name, workload);
      const { arms } = planExperiment(experiment, { seed: 'a', settings: {}, arms: [], allArms: false });
      assert.deepEqual(arms.flatMap(flawsOf), []);
      assert.ok((arms[0]?.namespace.length ?? 64) <= 63);
    }
  });

  it('change the objects that are deployed', async () => {
    const affine = (await objectsOf('session-affinity')).find(({ kind }) => kind === 'Service') as V1Service;
    assert.equal(affine.spec?.sessionAffinity, 'ClientIP');
    assert.deepEqual(affine.spec?.selector, { app: 'web' });
    const idle = (await objectsOf('idle-pod')).find(({ kind }) => kind === 'Service') as V1Service;
    assert.equal(idle.spec?.trafficDistribution, 'PreferClose');
    const services = (await objectsOf('second-service')).filter(({ kind }) => kind === 'Service') as V1Service[];
    // Clients use the first one.
    assert.deepEqual(
      services.map(({ metadata }) => metadata?.name),
      ['web', 'web-too'],
    );
    const deployment = (await objectsOf('restarted-sidecar')).find(({ kind }) => kind === 'Deployment') as V1Deployment;
    assert.deepEqual(
      deployment.spec?.template.spec?.containers.map(({ name }) => name),
      ['server', 'sidecar'],
    );
  });
});

const prediction: Prediction = {
  verdict: 'inconclusive',
  doubted: ['exposed'],
  mayDoubt: ['clean-tail'],
  arose: 'after-fault',
  exposed: { pods: 3, atMost: 1 },
  failed: { causes: ['node-down'], atLeast: 1, atMost: 3 },
  because: 'it is so',
};

interface Seen {
  readonly verdict?: Verdict;
  readonly doubts?: readonly string[];
  readonly arose?: string;
  readonly exposed?: number;
  readonly byCause?: { readonly [cause: string]: number };
}

/** Findings that differ from the prediction only in what is given. */
const armWith = ({
  verdict = 'inconclusive',
  doubts = ['exposed'],
  arose = 'after-fault',
  exposed = 1,
  byCause = { 'node-down': 2 },
}: Seen): ArmFindings =>
  ({
    verdict,
    findings: [
      { check: 'loss-as-expected', verdict: 'pass', measured: 'none' },
      ...doubts.map((check) => ({ check, verdict: 'inconclusive', measured: `not ${check}`, arose, evidence: [] })),
    ],
    requests: { total: 100, failed: Object.values(byCause).reduce((sum, count) => sum + count, 0), byCause },
    exposure: { pods: 3, exposed },
  }) as unknown as ArmFindings;

const differing = (seen: Seen) => differences(prediction, armWith(seen));

describe('a prediction', () => {
  it('is met if verdict, checks, causes and counts match', () => {
    assert.deepEqual(differing({}), []);
    assert.deepEqual(differing({ doubts: ['exposed', 'clean-tail'], byCause: { 'node-down': 3 } }), []);
    assert.deepEqual(differing({ exposed: 0 }), []);
  });

  it('is not met if any of them differs', () => {
    assert.deepEqual(differing({ verdict: 'pass' }), ['the verdict is pass']);
    assert.deepEqual(differing({ doubts: [] }), ['passed: exposed']);
    assert.deepEqual(differing({ doubts: ['exposed', 'whole'] }), ['did not pass: whole']);
    assert.deepEqual(differing({ arose: 'before-fault' }), ['exposed arose before-fault']);
    assert.deepEqual(differing({ exposed: 2 }), ['2 of 3 pods exposed']);
    assert.deepEqual(differing({ byCause: {} }), ['0 failed']);
    assert.deepEqual(differing({ byCause: { 'node-down': 4 } }), ['4 failed']);
    assert.deepEqual(differing({ byCause: { 'node-down': 1, overload: 1 } }), ['1 failed for overload']);
  });

  it('is not met if the number of disrupted pods differs or is unknown', () => {
    const arm = armWith({});
    const { exposure: _, ...without } = arm;
    assert.deepEqual(differences(prediction, without as ArmFindings), ['0 of 0 pods exposed']);
    const other = { ...arm, exposure: { pods: 2, exposed: 1 } } as unknown as ArmFindings;
    assert.deepEqual(differences(prediction, other), ['1 of 2 pods exposed']);
  });

  it('is summarized together with the result', () => {
    assert.equal(
      predictedInWords(prediction),
      'inconclusive; exposed not passed; perhaps clean-tail not passed; exposed arose after-fault; ' +
        'at most 1 of 3 pods exposed; 1 to 3 failed for node-down',
    );
    assert.equal(
      seenInWords(armWith({ byCause: { 'node-down': 2, overload: 0 } })),
      'inconclusive; exposed: not exposed; 1 of 3 pods exposed; 2 of 100 failed: 2 node-down',
    );
  });
});

describe('waiting for an event of an arm', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-moment-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const injected = { source: 'fault', type: 'injected' } as const;
  const line = (type: string) => `${JSON.stringify({ at: 1, source: 'fault', type, subject: 'it', data: {} })}\n`;

  it('ends when the event is written, and not before', async () => {
    const path = join(folder, 'events.ndjson');
    let came = false;
    const waiting = untilEvent(path, injected, new AbortController().signal).then(({ type }) => {
      came = type === 'injected';
    });
    const soon = () => new Promise((resolve) => setTimeout(resolve, 120));
    await soon();
    writeFileSync(path, line('intent'));
    const whole = line('injected');
    appendFileSync(path, whole.slice(0, 30));
    await soon();
    assert.equal(came, false);
    appendFileSync(path, whole.slice(30));
    await waiting;
    assert.equal(came, true);
  });

  it('ends with an error when the arm ends', async () => {
    const over = new AbortController();
    const waiting = untilEvent(join(folder, 'events.ndjson'), injected, over.signal);
    over.abort(new Error('the arm is over'));
    await assert.rejects(waiting, /the arm is over/);
  });
});
