import assert from 'node:assert/strict';
import { FakeKube } from '../../sys/testing/kube.ts';
import { type LabContext, NoTarget } from './fault.ts';
import { chooseNodes, type NodeChoice } from './targets.ts';

const namespace = 'a';
const conditions = [{ type: 'Ready', status: 'True' }];

/** A lab with three workers in two zones, and pods on w1, w2 and w2. */
async function context(): Promise<LabContext> {
  const kube = new FakeKube();
  const workers = ['w1', 'w2', 'w3', 'w4'].map((name, index) => ({
    name,
    role: 'worker',
    ip: `10.213.0.${index + 3}`,
    zone: name < 'w3' ? 'a' : 'b',
    rack: `rack-${name}`,
  }));
  for (const { name } of workers)
    await kube.create({ apiVersion: 'v1', kind: 'Node', metadata: { name }, ...{ status: { conditions } } });
  const selector = { matchLabels: { app: 'web' } };
  const metadata = { name: 'web', namespace };
  await kube.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, ...{ spec: { selector } } });
  for (const [index, nodeName] of ['w1', 'w2', 'w2'].entries()) {
    const its = { name: `web-${index}`, namespace, labels: { app: 'web' } };
    await kube.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: its,
      ...{ spec: { nodeName }, status: { conditions } },
    });
  }
  const generator = { name: 'control-plane', role: 'control-plane', ip: '10.213.0.2', zone: '', rack: '' };
  const lab = { kube, generator, info: { nodes: [generator, ...workers] } };
  return { lab, kube, namespace, owner: { kind: 'Deployment', name: 'web' } } as unknown as LabContext;
}

const chosen = async (choice: NodeChoice) => (await chooseNodes(await context(), choice)).map(({ name }) => name);

describe('choosing nodes', () => {
  it('takes those with most ready replicas, with any, or with none', async () => {
    assert.deepEqual(await chosen({ pick: 'most-replicas', count: 1 }), ['w2']);
    assert.deepEqual(await chosen({ pick: 'with-replicas' }), ['w1', 'w2']);
    assert.deepEqual(await chosen({ pick: 'without-replicas', count: 1 }), ['w3']);
    assert.deepEqual(await chosen({ pick: 'without-replicas', count: 2 }), ['w3', 'w4']);
  });

  it('takes the whole zone or rack with most ready replicas', async () => {
    assert.deepEqual(await chosen({ pick: 'zone' }), ['w1', 'w2']);
    assert.deepEqual(await chosen({ pick: 'rack' }), ['w2']);
  });

  it('has no target if there are too few', async () => {
    await assert.rejects(chosen({ pick: 'without-replicas', count: 3 }), NoTarget);
    await assert.rejects(chosen({ pick: 'most-replicas', count: 3 }), NoTarget);
  });
});
