import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { forLab, type WorkloadPlace } from '../harness/model/for-lab.ts';
import type { ArmPlan } from '../harness/model/plan.ts';
import { planExperiment } from '../harness/plan/plan.ts';
import { objectsOf } from '../harness/plan/workload.ts';
import { experimentNames, loadExperiment } from '../harness/run/experiments.ts';

/** One folder for each experiment, with one file for each arm. */
const golden = join(import.meta.dirname, 'testing/manifests');

/** Where the recorder deploys the arm, in a lab with four workers. */
function placeOf({ name, namespace, traffic }: ArmPlan): WorkloadPlace {
  const generatorNode = traffic?.from === 'worker' ? 'lab-worker4' : 'lab-control-plane';
  return {
    namespace,
    images: { specimen: 'specimen' },
    evidencePath: `run/${name}/workload`,
    generatorNode,
  };
}

/** The manifests of all arms of an experiment, by the name of the file. */
async function manifestsOf(name: string): Promise<{ readonly [file: string]: string }> {
  const experiment = await loadExperiment(name);
  const { arms } = planExperiment(experiment, { seed: 'manifests', settings: {}, arms: [], allArms: true });
  const files = arms.map((arm): [string, string] => {
    const { workload, lab } = arm;
    const { log } = experiment.workload;
    const { objects } = forLab(
      objectsOf(experiment.workload, workload.changes),
      { workload: { ...workload, log }, lab },
      placeOf(arm),
    );
    const documents = objects.map((object) =>
      stringify(object, { aliasDuplicateObjects: false, lineWidth: 0, sortMapEntries: true }),
    );
    return [`${arm.name}.yaml`, documents.join('---\n')];
  });
  return Object.fromEntries(files.sort(([one], [other]) => one.localeCompare(other)));
}

function renew(name: string, manifests: { readonly [file: string]: string }): void {
  rmSync(join(golden, name), { recursive: true, force: true });
  mkdirSync(join(golden, name), { recursive: true });
  for (const [file, text] of Object.entries(manifests)) writeFileSync(join(golden, name, file), text);
}

const goldenOf = (name: string): { readonly [file: string]: string } =>
  Object.fromEntries(
    readdirSync(join(golden, name)).map((file) => [file, readFileSync(join(golden, name, file), 'utf8')]),
  );

describe('the manifests that are deployed', () => {
  for (const name of experimentNames()) {
    it(`for the arms of ${name} are the golden ones`, async () => {
      const now = await manifestsOf(name);
      if (process.env.RENEW_GOLDEN) renew(name, now);
      assert.deepEqual(now, goldenOf(name));
    });
  }

  it('have golden files for every experiment and no other', () =>
    assert.deepEqual(readdirSync(golden).sort(), experimentNames()));
});
