import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flawsOf } from '../../../model/arm-rules.ts';
import type { WorkloadPlace } from '../../../model/experiment.ts';
import type { ArmFindings } from '../../../model/finding.ts';
import type { Verdict } from '../../../model/verdict.ts';
import { planExperiment } from '../../../plan/plan.ts';
import { loadWorkload } from '../../../run/experiments.ts';
import type { V1Deployment, V1Service } from '../../../sys/kube.ts';
import { type DrillName, experimentOf, predictedDrills } from './drills.ts';
import { untilEvent } from './moment.ts';
import { differences, type Prediction, predictedInWords, seenInWords } from './prediction.ts';
import { predictions } from './predictions.ts';

const names = Object.keys(predictedDrills) as DrillName[];

const place: WorkloadPlace = {
  namespace: 'hf',
  image: 'specimen',
  evidencePath: 'run/arm',
  generatorNode: 'w4',
};

async function objectsOf(name: DrillName) {
  const { workload } = experimentOf(name, await loadWorkload('specimen'));
  return workload.objects(workload.settings, place);
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
  says: [/affinity/],
  saysNot: /topology/,
  failed: { causes: ['node-down'], atLeast: 1, atMost: 3 },
  because: 'it is so',
};

const armWith = (
  verdict: Verdict,
  doubts: { readonly [check: string]: string },
  byCause: { readonly [cause: string]: number },
): ArmFindings =>
  ({
    verdict,
    findings: [
      { check: 'loss-as-expected', verdict: 'pass', measured: 'none' },
      ...Object.entries(doubts).map(([check, measured]) => ({
        check,
        verdict: 'inconclusive',
        measured,
        evidence: [{ text: 'no topology' }],
      })),
    ],
    requests: { total: 100, failed: Object.values(byCause).reduce((sum, count) => sum + count, 0), byCause },
  }) as unknown as ArmFindings;

const as = (
  verdict: Verdict,
  doubts: { readonly [check: string]: string },
  byCause: { readonly [cause: string]: number },
) => differences(prediction, armWith(verdict, doubts, byCause));

describe('a prediction', () => {
  const seen = { exposed: 'as with affinity' };

  it('is met if verdict, checks, texts, causes and count match', () => {
    assert.deepEqual(as('inconclusive', seen, { 'node-down': 2 }), []);
    assert.deepEqual(as('inconclusive', { ...seen, 'clean-tail': '' }, { 'node-down': 3 }), []);
  });

  it('is not met if any of them differs', () => {
    assert.deepEqual(as('pass', seen, { 'node-down': 2 }), ['it came to pass']);
    assert.deepEqual(as('inconclusive', {}, { 'node-down': 2 }), ['not doubted: exposed', 'it does not say affinity']);
    assert.deepEqual(as('inconclusive', { ...seen, whole: '' }, { 'node-down': 2 }), ['doubted, too: whole']);
    assert.deepEqual(as('inconclusive', { exposed: 'affinity or topology' }, { 'node-down': 2 }), ['it says topology']);
    assert.deepEqual(as('inconclusive', seen, {}), ['0 failed']);
    assert.deepEqual(as('inconclusive', seen, { 'node-down': 4 }), ['4 failed']);
    assert.deepEqual(as('inconclusive', seen, { 'node-down': 1, overload: 1 }), ['1 failed for overload']);
  });

  it('is summarized together with the result', () => {
    assert.equal(
      predictedInWords(prediction),
      'inconclusive; doubted by exposed; perhaps by clean-tail; says affinity; 1 to 3 failed for node-down',
    );
    assert.equal(
      seenInWords(armWith('inconclusive', seen, { 'node-down': 2, overload: 0 })),
      'inconclusive; exposed: as with affinity; 2 of 100 failed: 2 node-down',
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
    const waiting = untilEvent(path, injected, new AbortController().signal).then(() => {
      came = true;
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
  });

  it('ends with an error when the arm ends', async () => {
    const over = new AbortController();
    const waiting = untilEvent(join(folder, 'events.ndjson'), injected, over.signal);
    over.abort(new Error('the arm is over'));
    await assert.rejects(waiting, /the arm is over/);
  });
});
