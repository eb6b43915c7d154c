import assert from 'node:assert/strict';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { bringBackNodes } from './bring-back-nodes.ts';
import { nodesOf, until } from './node-shell.ts';
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

describe('until', () => {
  it('asks again after a failure, and ends when nothing is wrong', async () => {
    const answers = [() => 'not Ready: a', () => assert.fail('no answer'), () => undefined];
    await until('every node to be Ready', 60_000, async () => answers.shift()?.());
    assert.equal(answers.length, 0);
  });

  it('says what it saw last when the time is up', async () => {
    await assert.rejects(
      until('every node to be Ready', -1, async () => 'not Ready: a'),
      /^Error: every node to be Ready: timed out after .* Last observed: not Ready: a$/,
    );
  });

  it('ends at once when it is interrupted', async () => {
    const abort = new AbortController();
    const asking = until(
      'every node to be Ready',
      60_000,
      async () => {
        abort.abort(new Error('interrupted'));
        return 'not Ready: a';
      },
      abort.signal,
    );
    await assert.rejects(asking, /interrupted/);
  });
});
