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
  it('delays readiness and closes connections only if that is set', () => {
    assert.ok(!('READY_DELAY_MS' in env(container())));
    const { READY_DELAY_MS, MAX_REQ_PER_CONN } = env(container({ readyDelayMs: 1500, requestsPerConnection: 5 }));
    assert.deepEqual([READY_DELAY_MS, MAX_REQ_PER_CONN], ['1500', '5']);
  });

  it('is protected by default', () => {
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

  it('passes its settings to the server', () => {
    const { START_DELAY_MS, DRAIN, WORK_MS, PORT } = env(
      container({ startDelayMs: 15_000, drain: 'exit', workMs: 20 }),
    );
    assert.deepEqual(
      { START_DELAY_MS, DRAIN, WORK_MS, PORT },
      { START_DELAY_MS: '15000', DRAIN: 'exit', WORK_MS: '20', PORT: '8080' },
    );
  });

  it('uses only its namespace and its folder, and avoids the node of the generators', () => {
    for (const { metadata } of specimen().objects(specimen().settings, place))
      assert.equal(metadata?.namespace, 'arm-1');
    const pod = deployed().spec?.template.spec;
    assert.deepEqual(pod?.volumes, [
      { name: 'evidence', hostPath: { path: '/evidence/runs/r1/treatment', type: 'DirectoryOrCreate' } },
    ]);
    assert.match(JSON.stringify(pod?.affinity), /"NotIn","values":\["lab-control-plane"\]/);
    assert.equal(pod?.automountServiceAccountToken, false);
  });

  it('has the anti-affinity of its settings', () => {
    const affinity = (settings: Partial<WorkloadSettings>) =>
      deployed(settings).spec?.template.spec?.affinity?.podAntiAffinity;
    const term = (topologyKey: string) => ({ topologyKey, labelSelector: { matchLabels: { app: 'web' } } });
    assert.equal(affinity({}), undefined);
    assert.deepEqual(affinity({ antiAffinity: 'required' }), {
      requiredDuringSchedulingIgnoredDuringExecution: [term('kubernetes.io/hostname')],
    });
    assert.deepEqual(affinity({ antiAffinity: 'preferred', antiAffinityOver: 'zone' }), {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, podAffinityTerm: term('topology.kubernetes.io/zone') },
      ],
    });
    assert.equal(deployed({ scheduler: 'no-spread' }).spec?.template.spec?.schedulerName, 'no-spread');
  });

  it('has a disruption budget only if it is set', () => {
    const budgetOf = (settings: Partial<WorkloadSettings>) => {
      const workload = specimen(settings);
      return workload.objects(workload.settings, place).find(({ kind }) => kind === 'PodDisruptionBudget');
    };
    assert.equal(budgetOf({}), undefined);
    assert.match(
      JSON.stringify(budgetOf({ budget: { minAvailable: '67%' } })),
      /"spec":\{"minAvailable":"67%","selector":\{"matchLabels":\{"app":"web"/,
    );
  });

  it('is selected by its Service, which its clients use', () => {
    const service = specimen()
      .objects(specimen().settings, place)
      .find(({ kind }) => kind === 'Service');
    assert.equal(service?.metadata?.name, specimen().serves.service);
    assert.match(JSON.stringify(service), /"selector":\{"app":"web"\},"ports":\[\{"port":80,"targetPort":8080/);
    assert.deepEqual(deployed().spec?.template.metadata?.labels, { app: 'web', version: '1' });
  });
});
