import assert from 'node:assert/strict';
import type { V1Container, V1Deployment } from '@kubernetes/client-node';
import type { WorkloadPlace, WorkloadSettings } from '../../harness/model/experiment.ts';
import { specimen } from './specimen.ts';

const place: WorkloadPlace = {
  namespace: 'arm-1',
  image: 'specimen:1',
  evidencePath: 'runs/r1/treatment',
  generatorNode: 'lab-control-plane',
};

function deployed(settings: Partial<WorkloadSettings> = {}): V1Deployment {
  const workload = specimen(settings);
  const found = workload.objects(workload.settings, place).find(({ kind }) => kind === 'Deployment');
  assert(found);
  return found as V1Deployment;
}

function container(settings: Partial<WorkloadSettings> = {}): V1Container {
  const [only] = deployed(settings).spec?.template.spec?.containers ?? [];
  assert(only);
  return only;
}

const env = (of: V1Container) => Object.fromEntries((of.env ?? []).map(({ name, value }) => [name, value]));

describe('specimen', () => {
  it('is protected unless told otherwise', () => {
    assert.deepEqual(container().lifecycle, { preStop: { sleep: { seconds: 5 } } });
    assert.deepEqual(container().readinessProbe, {
      httpGet: { path: '/ready', port: 8080 },
      periodSeconds: 1,
      timeoutSeconds: 1,
      failureThreshold: 1,
    });
    assert.deepEqual(deployed().spec?.strategy?.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
    assert.equal(deployed().spec?.template.spec?.terminationGracePeriodSeconds, 30);
  });

  it('loses each guarantee by one setting', () => {
    assert.equal(container({ preStopSeconds: 0 }).lifecycle, undefined);
    assert.equal(container({ readiness: false }).readinessProbe, undefined);
  });

  it('hands its knobs to the server', () => {
    const { START_DELAY_MS, DRAIN, WORK_MS, PORT } = env(
      container({ startDelayMs: 15_000, drain: 'exit', workMs: 20 }),
    );
    assert.deepEqual(
      { START_DELAY_MS, DRAIN, WORK_MS, PORT },
      { START_DELAY_MS: '15000', DRAIN: 'exit', WORK_MS: '20', PORT: '8080' },
    );
  });

  it('stays in its namespace, its folder, and off the generator’s node', () => {
    for (const { metadata } of specimen().objects(specimen().settings, place))
      assert.equal(metadata?.namespace, 'arm-1');
    const pod = deployed().spec?.template.spec;
    assert.deepEqual(pod?.volumes, [
      { name: 'evidence', hostPath: { path: '/evidence/runs/r1/treatment', type: 'DirectoryOrCreate' } },
    ]);
    assert.match(JSON.stringify(pod?.affinity), /"NotIn","values":\["lab-control-plane"\]/);
    assert.equal(pod?.automountServiceAccountToken, false);
  });

  it('is found by its Service', () => {
    const service = specimen().objects(specimen().settings, place)[1];
    assert.match(JSON.stringify(service), /"selector":\{"app":"web"\},"ports":\[\{"port":80,"targetPort":8080/);
    assert.deepEqual(deployed().spec?.template.metadata?.labels, { app: 'web', version: '1' });
  });
});
