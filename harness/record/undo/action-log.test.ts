import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeLab } from '../testing/lab.ts';
import { ActionLog } from './action-log.ts';
import { Journal, openActions } from './journal.ts';
import { Undo } from './undo.ts';

describe('an injection that is undone during the arm', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-action-log-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Undoes the loss of node w1, whose kubelet reports `ready`, and aborts after `ms`. Returns whether it ended. */
  async function endsWithin(ms: number, ready: string): Promise<boolean> {
    const path = join(folder, 'journal.ndjson');
    const lab = new FakeLab(folder, 'run');
    const status = { conditions: [{ type: 'Ready', status: ready }] };
    await lab.kube.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'w1' }, ...{ status } });
    const metadata = { name: 'w1', namespace: 'kube-node-lease' };
    const spec = { renewTime: new Date(Date.now() + 60_000).toISOString() };
    await lab.kube.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, ...{ spec } });
    const journal = new Journal(path);
    const action = new ActionLog(lab, journal, new Undo()).begin({
      kind: 'inject',
      id: 'cut',
      fault: 'node-kill',
      namespace: 'holdfast-a',
      owner: { kind: 'Deployment', name: 'web' },
      plan: { nodes: [{ name: 'w1' }] },
    });
    assert.equal(openActions(path).length, 1);
    const ended = await action.undo(AbortSignal.timeout(ms)).then(
      () => true,
      () => false,
    );
    // A node that does not return is no open action: it was started again.
    assert.equal(openActions(path).length, 0);
    journal.close();
    return ended;
  }

  it('ends when the node that it took works again, and not before', async () => {
    assert.ok(await endsWithin(5000, 'True'));
  });

  it('does not end while the node does not work', async () => {
    assert.ok(!(await endsWithin(1500, 'False')));
  });
});
