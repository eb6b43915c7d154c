import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nameOf, type RecordedEvent } from '../../model/event.ts';
import { FakeKube } from '../../sys/testing/kube.ts';
import { Recorder } from './recorder.ts';
import { watch } from './watch.ts';

const pod = (name: string, uid = `uid-of-${name}`) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', uid, resourceVersion: '7' },
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
        project: (object) => ({ version: object.metadata?.resourceVersion ?? '' }),
      },
      recorder,
      stopping.signal,
    );

  const recordedEvents = async (): Promise<RecordedEvent[]> => {
    await recorder.close();
    const [header, ...lines] = (await readFile(join(folder, 'events.ndjson'), 'utf8')).trim().split('\n');
    assert.equal(header, '{"schema":"holdfast.events/2"}');
    return lines.map((line) => JSON.parse(line) as RecordedEvent);
  };

  /** Events with the names of their objects. */
  const recorded = async (): Promise<string[]> =>
    (await recordedEvents()).map((event) => `${event.source} ${event.type} ${nameOf(event)}`);

  it('records an object by its UID, with its names beside it', async () => {
    await kube.create(pod('web-1'));
    const { ended } = await start();
    stopping.abort();
    await ended;
    const [{ at: _, ...event } = {}] = (await recordedEvents()) as Partial<RecordedEvent>[];
    const data = { version: '7' };
    assert.deepEqual(event, {
      source: 'pod',
      type: 'added',
      subject: 'uid-of-web-1',
      kind: 'Pod',
      namespace: 'shop',
      name: 'web-1',
      data,
    });
  });

  it('records the deletion of a pod that was replaced by a pod of the same name during an interruption', async () => {
    await kube.create(pod('web-1', 'one'));
    const { ended } = await start();
    await kube.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-1' });
    await kube.create(pod('web-1', 'two'));
    kube.emit({ type: 'ERROR', object: {} });
    kube.endWatches();
    await delay(10);
    stopping.abort();
    await ended;
    assert.deepEqual(
      (await recordedEvents()).map(({ type, subject }) => [type, subject]),
      [
        ['added', 'one'],
        ['gap', 'pod'],
        ['deleted', 'one'],
        ['added', 'two'],
      ],
    );
  });

  it('records the list, then every change', async () => {
    await kube.create(pod('web-1'));
    const { ended } = await start();
    kube.emit({ type: 'ADDED', object: pod('web-2') });
    kube.emit({ type: 'BOOKMARK', object: pod('') });
    kube.emit({ type: 'DELETED', object: pod('web-1') });
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['pod added web-1', 'pod added web-2', 'pod deleted web-1']);
    assert.deepEqual([...recorder.observed.pods.keys()], ['web-2']);
  });

  it('continues a watch that the server ended without a gap, and records that it was alive until then', async () => {
    const { ended } = await start();
    kube.endWatches();
    await delay(0);
    kube.emit({ type: 'ADDED', object: pod('web-2') });
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['watch alive pod', 'pod added web-2']);
    assert.equal(kube.lists, 1);
  });

  it('ends often enough to show in every phase that it is alive', async () => {
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

  it('reports that it is alive when the server ended it, and not before', async () => {
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

  it('does not report a watch as alive that broke or that the signal ended', async () => {
    const { ended } = await start();
    kube.endWatches(503);
    await delay(10);
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['watch interrupted pod']);
  });

  it('lists the objects again after the history expired, and records the gap', async () => {
    const { ended } = await start();
    await kube.create(pod('web-3'));
    kube.emit({ type: 'ERROR', object: {} });
    kube.endWatches();
    await delay(10);
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['watch gap pod', 'pod added web-3']);
  });

  it('records objects that were deleted during an interruption', async () => {
    await kube.create(pod('web-1'));
    await kube.create(pod('web-2'));
    const { ended } = await start();
    await kube.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-1' });
    kube.emit({ type: 'ERROR', object: {} });
    kube.endWatches();
    await delay(10);
    stopping.abort();
    await ended;
    assert.deepEqual((await recorded()).slice(2), ['watch gap pod', 'pod deleted web-1', 'pod added web-2']);
    assert.deepEqual([...recorder.observed.pods.keys()], ['web-2']);
  });

  it('continues after the API server was down, and records the interruption', async () => {
    const { ended } = await start();
    kube.endWatches(503);
    await delay(400);
    kube.emit({ type: 'ADDED', object: pod('web-4') });
    stopping.abort();
    await ended;
    assert.deepEqual(await recorded(), ['watch interrupted pod', 'pod added web-4']);
  });
});
