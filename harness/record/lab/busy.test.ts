import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { V1Pod } from '../../sys/kube.ts';
import { FakeLab } from '../testing/lab.ts';
import { keepWorkersBusy } from './busy.ts';
import { withTrafficFrom } from './lab.ts';

const namespace = 'holdfast-arm-helpers';

describe('busy workers', () => {
  let folder: string;
  let lab: FakeLab;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-busy-'));
    lab = new FakeLab(folder, 'run');
    const workers = ['w1', 'w2', 'w3'].map((name) => ({ ...lab.generator, name, role: 'worker' }));
    Object.assign(lab.info, { nodes: [lab.generator, ...workers] });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const placed = () =>
    ([...lab.kube.objects.values()] as V1Pod[]).map(({ kind, metadata, spec }) => [
      `${kind} ${metadata?.namespace}/${metadata?.name}`,
      spec?.nodeName,
    ]);

  it('are the first ones, and each gets a pod in the namespace of the helpers', async () => {
    await keepWorkersBusy(lab, { namespace, workers: 2, signal: AbortSignal.timeout(10_000) });
    assert.deepEqual(placed(), [
      ['Pod holdfast-arm-helpers/busy-0', 'w1'],
      ['Pod holdfast-arm-helpers/busy-1', 'w2'],
    ]);
  });

  it('do not include the worker that sends the traffic', async () => {
    const signal = AbortSignal.timeout(10_000);
    await keepWorkersBusy(withTrafficFrom(lab, 'worker'), { namespace, workers: 3, signal });
    assert.deepEqual(
      placed().map(([, node]) => node),
      ['w1', 'w2'],
    );
  });

  it('are waited for until their pods run', async () => {
    lab.kube.admits = false;
    const late = new Error('not in time');
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(late), 300);
    await assert.rejects(keepWorkersBusy(lab, { namespace, workers: 1, signal: stopping.signal }), late);
  });

  it('are none if none is asked for', async () => {
    await keepWorkersBusy(lab, { namespace, workers: 0, signal: AbortSignal.timeout(10_000) });
    assert.deepEqual(placed(), []);
  });
});
