import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '../../model/event.ts';
import { FakeKube } from '../../sys/kube.fake.ts';
import { Recorder } from '../recorder.ts';
import { watch } from './watch.ts';

const pod = (name: string, resourceVersion = '7') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, resourceVersion },
});

describe('watch', () => {
  let folder: string;
  let kube: FakeKube;
  let recorder: Recorder;
  let stopping: AbortController;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-watch-'));
    kube = new FakeKube();
    recorder = new Recorder(join(folder, 'events.ndjson'));
    stopping = new AbortController();
  });

  afterEach(async () => {
    stopping.abort();
    await rm(folder, { recursive: true });
  });

  const start = () =>
    watch(
      kube,
      {
        source: 'pod',
        apiVersion: 'v1',
        kind: 'Pod',
        path: '/api/v1/pods',
        subject: (object) => object.metadata?.name ?? '',
        project: (object) => ({ version: object.metadata?.resourceVersion ?? '' }),
      },
      recorder,
      stopping.signal,
    );

  const recorded = async (): Promise<string[]> => {
    await recorder.close();
    const lines = (await readFile(join(folder, 'events.ndjson'), 'utf8')).trim().split('\n');
    return lines.map((line) => {
      const { source, type, subject } = JSON.parse(line) as RecordedEvent;
      return `${source} ${type} ${subject}`;
    });
  };

  it('records the list, then every change', async () => {
    await kube.create(pod('web-1'));
    const { ended } = await start();
    kube.emit({ type: 'ADDED', object: pod('web-2') });
    kube.emit({ type: 'BOOKMARK', object: pod('') });
    kube.emit({ type: 'DELETED', object: pod('web-1') });
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['pod added web-1', 'pod added web-2', 'pod deleted web-1']);
    assert.deepEqual([...recorder.world.pods.keys()], ['web-2']);
  });

  it('takes up a watch that the server ended, without a gap, and records that it was alive until then', async () => {
    const { ended } = await start();
    kube.endWatches();
    await delay(0);
    kube.emit({ type: 'ADDED', object: pod('web-2') });
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['watch alive pod', 'pod added web-2']);
    assert.equal(kube.lists, 1);
  });

  it('is asked to end soon enough to show in every phase that it is alive', async () => {
    const asked: number[] = [];
    const { watch: untold } = kube;
    kube.watch = (path, query, onEvent, signal) => {
      asked.push(query.timeoutSeconds);
      return untold.call(kube, path, query, onEvent, signal);
    };
    const { ended } = await start();
    stopping.abort();
    await ended;
    assert.deepEqual(asked, [5]);
  });

  it('shows that it is alive when the server ended it, and not before', async () => {
    const watching = await start();
    let shown = false;
    const alive = watching.alive().then(() => {
      shown = true;
    });
    kube.emit({ type: 'ADDED', object: pod('web-2') });
    await delay(10);
    assert.equal(shown, false);
    kube.endWatches();
    await alive;
    stopping.abort();
    await watching.ended;
    assert.deepEqual(await recorded(), ['pod added web-2', 'watch alive pod']);
  });

  it('does not call a watch alive that broke, or that ended by the signal', async () => {
    const { ended } = await start();
    kube.endWatches(503);
    await delay(10);
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['watch interrupted pod']);
  });

  it('lists anew when the history expired, and records the gap', async () => {
    const { ended } = await start();
    await kube.create(pod('web-3'));
    kube.emit({ type: 'ERROR', object: {} });
    kube.endWatches();
    await delay(10);
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['watch gap pod', 'pod added web-3']);
  });

  it('records what went while nobody watched', async () => {
    await kube.create(pod('web-1'));
    await kube.create(pod('web-2'));
    const { ended } = await start();
    await kube.remove({ apiVersion: 'v1', kind: 'Pod', name: 'web-1' });
    kube.emit({ type: 'ERROR', object: {} });
    kube.endWatches();
    await delay(10);
    stopping.abort();
    await ended;
    assert.deepEqual((await recorded()).slice(2), ['watch gap pod', 'pod deleted web-1', 'pod added web-2']);
    assert.deepEqual([...recorder.world.pods.keys()], ['web-2']);
  });

  it('goes on after the API server was gone, and records that', async () => {
    const { ended } = await start();
    kube.endWatches(503);
    await delay(400);
    kube.emit({ type: 'ADDED', object: pod('web-4') });
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['watch interrupted pod', 'pod added web-4']);
  });
});
