import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../model/usage-error.ts';
import { planExperiment } from '../plan/plan.ts';
import { checkPlan } from '../run/check-plan.ts';
import { chooseExperiments } from '../run/experiments.ts';
import { checkoutDir } from '../sys/paths.ts';
import { firstExperimentText, writeFirstExperiment } from './first-experiment.ts';

describe('init', () => {
  let folder: string;
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-init-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes a valid experiment into an empty folder, and prints the next steps', async () => {
    const said = firstExperimentText(writeFirstExperiment(folder));
    assert.deepEqual(readdirSync(folder).sort(), ['first-experiment.ts', 'package.json', 'tsconfig.json']);
    assert.match(said, /^Written: first-experiment\.ts, package\.json, tsconfig\.json\n/);
    assert.match(said, /\n\S.* run \S*\/first-experiment\.ts\n$/);
    const { type, devDependencies } = JSON.parse(text('package.json'));
    assert.equal(type, 'module');
    assert.equal(join(folder, devDependencies.holdfast.slice('file:'.length)), checkoutDir());
    const [first = assert.fail()] = await chooseExperiments([folder]);
    checkPlan(planExperiment(first, { seed: 'a', settings: {}, arms: [], allArms: true }));
  });

  it('writes an experiment whose unprotected arm lacks only the readiness probe, and must then lose requests', async () => {
    writeFirstExperiment(folder);
    const [first = assert.fail()] = await chooseExperiments([folder]);
    const { arms } = planExperiment(first, { seed: 'a', settings: {}, arms: [], allArms: false });
    const [treatment, unprotected] = ['treatment', 'unprotected'].map((role) => arms.find((arm) => arm.role === role));
    assert.ok(treatment && unprotected);
    assert.ok(treatment.workload.facts.readiness.server);
    assert.deepEqual(unprotected.workload.facts, { ...treatment.workload.facts, readiness: {} });
    assert.ok(
      Number(treatment.workload.options.startDelayMs?.value) >= 3000,
      'a pod without a probe is routed to before it listens',
    );
    assert.deepEqual(unprotected.disruptions, treatment.disruptions);
    assert.deepEqual(unprotected.expect, { kind: 'loss', atLeast: 10, causes: ['not-listening-yet'] });
  });

  it('creates the folder', () => {
    writeFirstExperiment(join(folder, 'new'));
    assert.equal(readdirSync(join(folder, 'new')).length, 3);
  });

  it('overwrites nothing, and writes a file that can be imported with any package.json', async () => {
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
    assert.deepEqual(writeFirstExperiment(folder).written, ['first-experiment.mts', 'tsconfig.json']);
    assert.equal(text('package.json'), '{"type":"commonjs"}');
    assert.equal((await chooseExperiments([join(folder, 'first-experiment.mts')]))[0]?.name, 'first-experiment');
    writeFileSync(join(folder, 'first-experiment.mts'), 'mine');
    assert.throws(
      () => writeFirstExperiment(folder),
      (error) => error instanceof UsageError && /first-experiment\.mts exists already/.test(error.message),
    );
    assert.equal(text('first-experiment.mts'), 'mine');
  });
});
