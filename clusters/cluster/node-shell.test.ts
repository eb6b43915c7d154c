import assert from 'node:assert/strict';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { bringBackNodes } from './bring-back-nodes.ts';
import { nodesOf, noProblem } from './node-shell.ts';
import { sampleId, sampleRecord } from './testing/sample-record.ts';

describe('a cluster’s nodes', () => {
  let engine: FakeEngine;
  const info = () => ({ ...sampleRecord('lab'), engineEnv: engine.env });

  beforeEach(() => {
    engine = new FakeEngine();
  });
  afterEach(() => engine[Symbol.dispose]());

  it('are accessed by the ids of their containers, never by name', async () => {
    const nodes = nodesOf(info());
    await nodes.run('lab-worker', ['true']);
    await nodes.run('lab-worker', ['cat'], 'input');
    await nodes.kubectlJson(['get', 'nodes']);
    assert.deepEqual(
      engine.log().map((line) => line.split(' ').slice(0, -1).join(' ')),
      [
        `docker exec ${sampleId('a', 1)}`,
        `docker exec --interactive ${sampleId('a', 1)}`,
        `docker exec ${sampleId('a', 0)} kubectl --kubeconfig=/etc/kubernetes/admin.conf --request-timeout=10s get nodes`,
      ],
    );
  });

  it('are the recorded ones, and no others', async () => {
    await assert.rejects(nodesOf(info()).run('postgres', ['true']), /no node postgres/);
    assert.deepEqual(engine.log(), []);
  });

  it('are not restarted if other containers have their names, and those are not touched', async () => {
    for (const [index, { name }] of info().nodes.entries())
      engine.add({ id: sampleId('9', index), name, state: 'exited', labels: { 'io.x-k8s.kind.cluster': 'lab' } });
    await assert.rejects(bringBackNodes(info()), /container of node lab-control-plane does not exist/);
    assert.deepEqual(
      engine.log().filter((line) => !line.startsWith('docker ps ')),
      [],
    );
  });
});

describe('a probe of a cluster', () => {
  it('is done when nothing is wrong, and otherwise reports the problem or a missing answer', async () => {
    assert.deepEqual(await noProblem(async () => undefined), { done: undefined });
    assert.deepEqual(await noProblem(async () => 'not Ready: a'), { problem: 'not Ready: a' });
    const refused = Object.assign(new Error('exit code: 1'), { stderr: 'connection refused\n' });
    assert.deepEqual(await noProblem(() => Promise.reject(refused)), { problem: 'connection refused' });
  });
});
