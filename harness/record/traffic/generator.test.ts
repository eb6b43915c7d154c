import assert from 'node:assert/strict';
import { type Generator, type GeneratorPlace, generatorPod, generatorScript } from './generator.ts';

const place: GeneratorPlace = {
  namespace: 'arm-1',
  node: 'lab-control-plane',
  image: 'k6:1',
  target: 'http://10.96.0.10:80/',
  evidencePath: 'runs/r1/treatment',
};

const generator: Generator = {
  gen: 'kept-alive',
  conn: 'kept-alive',
  ratePerSecond: 60,
  timeoutMs: 2000,
  limitMs: 300_000,
};

describe('generatorPod', () => {
  const pod = generatorPod(generator, place);
  const container = pod.spec?.containers[0];

  it('gives k6 all settings that the script needs', () => {
    assert.deepEqual(Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value])), {
      HOLDFAST_TARGET: 'http://10.96.0.10:80/',
      HOLDFAST_GEN: 'kept-alive',
      HOLDFAST_CONN: 'kept-alive',
      HOLDFAST_RATE: '60',
      HOLDFAST_TIMEOUT_MS: '2000',
      HOLDFAST_DURATION_MS: '300000',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
    });
  });

  it('writes its rows to the evidence folder of its node', () => {
    assert(container?.args?.includes('--out=holdfast=/evidence/requests-kept-alive.ndjson'));
    assert.equal(pod.spec?.nodeName, 'lab-control-plane');
    assert(pod.spec?.volumes?.some(({ hostPath }) => hostPath?.path === '/evidence/runs/r1/treatment'));
  });

  it('finds its script', () => {
    const script = generatorScript('arm-1', 'send()');
    const path = container?.args?.at(-1) ?? '';
    const volume = pod.spec?.volumes?.find(({ configMap }) => configMap?.name === script.metadata?.name);
    const mount = container?.volumeMounts?.find(({ name }) => name === volume?.name);
    assert.equal(script.data?.[path.slice(`${mount?.mountPath}/`.length)], 'send()');
  });

  it('has a longer grace period than a request may take', () => {
    assert((pod.spec?.terminationGracePeriodSeconds ?? 0) * 1000 > generator.timeoutMs);
  });

  it('has no rights except to send and to write', () => {
    assert.deepEqual(container?.securityContext?.capabilities, { drop: ['ALL'] });
    assert.equal(container?.securityContext?.readOnlyRootFilesystem, true);
    assert.equal(pod.spec?.automountServiceAccountToken, false);
    assert.equal(pod.spec?.hostNetwork, undefined);
  });
});
