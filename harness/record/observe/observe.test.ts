import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../model/event.ts';
import { sleep } from '../../sys/clock.ts';
import { FakeKube } from '../../sys/testing/kube.ts';
import type { Target } from '../target/find-target.ts';
import { observeNamespace } from './observe.ts';
import { Recorder } from './recorder.ts';

const target: Target = {
  namespace: 'shop',
  owner: { kind: 'StatefulSet', name: 'db' },
  replicas: 1,
  selector: { matchLabels: { app: 'db' } },
  pods: [],
  service: { name: 'db', clusterIp: '10.96.0.9', port: 5432, targetPort: 5432, family: 'IPv4' },
  services: ['db'],
};

describe('observers', () => {
  let folder: string;
  let kube: FakeKube;
  let recorder: Recorder;
  const { signal } = new AbortController();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-observe-'));
    kube = new FakeKube();
    recorder = new Recorder(join(folder, 'events.ndjson'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const observe = () => observeNamespace(kube, target, recorder, signal);

  const alive = async () => {
    await recorder.close();
    const lines = (await readFile(join(folder, 'events.ndjson'), 'utf8')).split('\n').filter(Boolean);
    const events = lines.slice(1).map((line) => JSON.parse(line) as RecordedEvent);
    return new Set(events.filter(({ type }) => type === 'alive').map(({ subject }) => subject));
  };

  it('wait until every watch has shown that it is alive', async () => {
    kube.endsWatchesAfterMs = 10;
    const observers = await observe();
    await observers.alive(10_000, signal);
    await observers.stop();
    assert.deepEqual(await alive(), new Set(['pod', 'endpointslice', 'statefulset', 'k8s-event', 'budget']));
  });

  it('all stop if one of them cannot start', async () => {
    const { list } = kube;
    kube.list = async (apiVersion, kind, ...rest) => {
      if (kind !== 'Event') return list.call(kube, apiVersion, kind, ...rest) as never;
      // The other watches have started by then.
      await sleep(20);
      throw Object.assign(new Error('events is forbidden'), { statusCode: 403 });
    };
    await assert.rejects(observe(), /events is forbidden/);
    await sleep(20);
    assert.equal(kube.watchers, 0);
    await recorder.close();
  });

  it('stop waiting for a dead watch at the time limit', async () => {
    const observers = await observe();
    const started = performance.now();
    await observers.alive(50, signal);
    assert.ok(performance.now() - started < 20_000);
    await observers.stop();
    assert.deepEqual(await alive(), new Set());
  });
});
