import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeLab } from '../testing/lab.ts';
import type { LabContext } from './fault.ts';
import { nodeKill } from './node-power.ts';

const plan = { nodes: [{ name: 'w1' }] };

describe('healing a killed node', () => {
  let folder: string;
  let lab: FakeLab;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-power-'));
    lab = new FakeLab(folder, 'run');
    await node('True');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const node = async (ready: string) => {
    lab.kube.objects.delete('Node//w1');
    const status = { conditions: [{ type: 'Ready', status: ready }] };
    await lab.kube.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'w1' }, ...{ status } });
  };
  const report = async (renewTime: string | undefined) => {
    lab.kube.objects.delete('Lease/kube-node-lease/w1');
    const metadata = { name: 'w1', namespace: 'kube-node-lease' };
    await lab.kube.create({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata,
      ...{ spec: { renewTime } },
    });
  };
  const later = () => new Date(Date.now() + 60_000).toISOString();

  /** Whether the heal ended within this time. It is aborted then. */
  async function healsWithin(ms: number): Promise<boolean> {
    const signal = AbortSignal.timeout(ms);
    const context: LabContext = {
      lab,
      kube: lab.kube,
      namespace: 'a',
      helpersNamespace: 'a-helpers',
      owner: { kind: 'Deployment', name: 'web' },
      id: 'it',
      signal,
      record() {},
    };
    const healed = async () => {
      await nodeKill.fault.heal(context, plan);
      await nodeKill.fault.waitForReturn?.(context, plan);
    };
    return healed().then(
      () => true,
      () => false,
    );
  }

  it('ends when the node is Ready and has reported since', async () => {
    await report(later());
    assert.ok(await healsWithin(2000));
    assert.ok(!lab.commands.includes('start w1'));
  });

  it('starts the node if it does not run', async () => {
    lab.power.state = async () => 'exited';
    await report(later());
    assert.ok(await healsWithin(2000));
    assert.equal(lab.commands[0], 'start w1');
  });

  it('waits until the node has ended its shutdown', async () => {
    await report(later());
    let asked = 0;
    const onNode = lab.onNode;
    lab.onNode = async (...args) => ({ ...(await onNode(...args)), stdout: ++asked < 3 ? 'stopping\n' : 'running\n' });
    assert.ok(await healsWithin(3000));
    assert.equal(asked, 3);
  });

  it('does not accept an old Ready condition, nor a missing lease', async () => {
    await report('2026-01-01T00:00:00Z');
    assert.ok(!(await healsWithin(300)));
    await report(undefined);
    assert.ok(!(await healsWithin(300)));
    await node('Unknown');
    await report(later());
    assert.ok(!(await healsWithin(300)));
  });

  it('continues after errors of the API server', async () => {
    await report(later());
    const read = lab.kube.read.bind(lab.kube);
    let asked = 0;
    lab.kube.read = async (ref) => {
      if (++asked < 3) throw new Error('connection refused');
      return read(ref);
    };
    assert.ok(await healsWithin(3000));
  });
});
