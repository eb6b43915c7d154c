import assert from 'node:assert/strict';
import type { V1Container, V1Deployment } from '@kubernetes/client-node';
import type { Change } from '../../harness/model/change.ts';
import { objectsOf, plannedWorkload } from '../../harness/plan/workload.ts';
import { type SpecimenOptions, specimen } from './specimen.ts';

function deployed(options: Partial<SpecimenOptions> = {}, changes: readonly Change[] = []): V1Deployment {
  const found = objectsOf(specimen(options), changes).find(({ kind }) => kind === 'Deployment');
  assert(found);
  return found as unknown as V1Deployment;
}

function container(options: Partial<SpecimenOptions> = {}, changes: readonly Change[] = []): V1Container {
  const [only] = deployed(options, changes).spec?.template.spec?.containers ?? [];
  assert(only);
  return only;
}

const env = (of: V1Container) => Object.fromEntries((of.env ?? []).map(({ name, value }) => [name, value]));

describe('specimen', () => {
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

  it('loses each guarantee by one change', () => {
    assert.equal(container({}, [{ without: 'preStop' }]).lifecycle, undefined);
    assert.equal(container({}, [{ without: 'readiness' }]).readinessProbe, undefined);
  });

  it('passes its options to the server', () => {
    const { START_DELAY_MS, DRAIN, WORK_MS, PORT } = env(
      container({ startDelayMs: 15_000, drain: 'exit', workMs: 20 }),
    );
    assert.deepEqual(
      { START_DELAY_MS, DRAIN, WORK_MS, PORT },
      { START_DELAY_MS: '15000', DRAIN: 'exit', WORK_MS: '20', PORT: '8080' },
    );
    assert.ok(!('READY_DELAY_MS' in env(container())));
    const { READY_DELAY_MS, MAX_REQ_PER_CONN } = env(container({ readyDelayMs: 1500, requestsPerConnection: 5 }));
    assert.deepEqual([READY_DELAY_MS, MAX_REQ_PER_CONN], ['1500', '5']);
  });

  it('has the option that a change of an arm sets, and says it in words', () => {
    const change: Change = { option: 'workMs', value: 7 };
    assert.equal(env(container({ workMs: 20 }, [change])).WORK_MS, '7');
    const lab = { busyWorkers: 0, scheduler: 'default-scheduler' } as const;
    const { options } = plannedWorkload(specimen(), [change], lab);
    assert.deepEqual(options.workMs, { value: 7, words: 'works 7 ms on each request' });
    assert.deepEqual(options.readyDelayMs, { value: 0 });
  });

  it('has a dependency only if it is asked for', () => {
    const names = (options: Partial<SpecimenOptions>) =>
      objectsOf(specimen(options), []).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    assert.deepEqual(names({}), ['Deployment web', 'Service web']);
    assert.deepEqual(names({ dependency: true }).slice(2), ['Deployment dependency', 'Service dependency']);
    assert.equal(env(container({ dependency: true })).DEPENDENCY_URL, 'http://dependency/');
  });

  it('needs no service account and no node', () => {
    const pod = deployed().spec?.template.spec;
    assert.equal(pod?.automountServiceAccountToken, false);
    assert.equal(pod?.affinity, undefined);
    assert.equal(pod?.volumes, undefined);
  });

  it('is selected by its Service, which its clients use', () => {
    const service = objectsOf(specimen(), []).find(({ kind }) => kind === 'Service');
    assert.equal(service?.metadata.name, specimen().serves.service);
    assert.match(JSON.stringify(service), /"selector":\{"app":"web"\},"ports":\[\{"port":80,"targetPort":8080/);
    assert.deepEqual(deployed().spec?.template.metadata?.labels, { app: 'web', version: '1' });
  });
});
