import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArmFolder } from './arm-folder.ts';
import { ClockOffsets } from './clock-offsets.ts';
import { damageInWords } from './damage.ts';
import { readEvents } from './events.ts';

const header = { schema: 'holdfast.events/2' };
const phase = { at: 1, source: 'phase', type: 'deploy', subject: 'control', data: {} };
const node = { ready: 'True', unschedulable: false, taints: [], conditions: [], zone: '', rack: '' };
const ofNode = { at: 2, source: 'node', type: 'added', subject: 'uid-1', kind: 'Node', name: 'w1', data: node };

describe('the events of an arm', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-events-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function read(...lines: readonly object[]) {
    await writeFile(join(folder, 'events.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const arm = new ArmFolder(folder, '');
    const events = [];
    for await (const batch of readEvents(arm, new ClockOffsets())) events.push(...batch);
    return { events, damage: arm.damage.list().map(damageInWords) };
  }

  it('are read unchanged if there is a header', async () => {
    assert.deepEqual(await read(header, phase, ofNode), { events: [phase, ofNode], damage: [] });
  });

  it('have the version of a pod as its revision if its revision was not recorded', async () => {
    const state = { node: 'w1', ip: '', phase: 'Running', ready: true, version: '2', terminating: false };
    const data = { ...state, graceSeconds: null, containers: [] };
    const pod = { at: 3, source: 'pod', type: 'added', subject: 'uid-2', kind: 'Pod', name: 'web-1', data };
    const newer = { ...pod, data: { ...data, revision: '7c4b9d8f65' } };
    const { events, damage } = await read(header, pod, newer, { ...pod, data: { ...data, version: undefined } });
    assert.deepEqual(events, [{ ...pod, data: { ...data, revision: '2' } }, newer]);
    assert.deepEqual(damage, ['events.ndjson:4: not what this file should hold']);
  });

  it('are upgraded if there is no header', async () => {
    const { kind: _, name: __, ...older } = { ...ofNode, subject: 'w1' };
    const { events, damage } = await read(phase, older);
    assert.deepEqual(damage, []);
    assert.deepEqual(events, [phase, { ...ofNode, subject: 'w1' }]);
  });

  it('have the owner in the plan of a fault, also if an older recorder noted the name of a Deployment', async () => {
    const intent = { ...phase, source: 'fault', type: 'intent' };
    const older = { ...intent, data: { fault: 'rollout', plan: { deployment: 'web', generation: 1 } } };
    const plan = { owner: { kind: 'Deployment', name: 'web' }, generation: 1 };
    const upgraded = { ...intent, data: { fault: 'rollout', plan } };
    assert.deepEqual(await read(header, older), { events: [upgraded], damage: [] });
    assert.deepEqual(await read(older), { events: [upgraded], damage: [] });
  });

  it('may be about StatefulSets', async () => {
    const counts = {
      generation: 1,
      observedGeneration: 1,
      desired: 3,
      replicas: 3,
      updated: 3,
      ready: 3,
      available: 3,
    };
    const about = { subject: 'uid-2', kind: 'StatefulSet', namespace: 'shop', name: 'db' };
    const event = { at: 2, source: 'statefulset', type: 'added', ...about, data: counts };
    assert.deepEqual(await read(header, event), { events: [event], damage: [] });
    assert.equal((await read(header, { ...event, kind: 'Deployment' })).damage.length, 1);
  });

  it('are not read if their schema is unknown, and one sentence says so', async () => {
    const { events, damage } = await read({ schema: 'holdfast.events/3' }, phase, { any: 'thing' });
    assert.deepEqual(events, []);
    assert.deepEqual(damage, [
      'events.ndjson: its schema is "holdfast.events/3", but this version of holdfast reads up to holdfast.events/2. Judge it with the version that recorded it',
    ]);
    const long = await read({ schema: '\u001b[2J'.repeat(1000) });
    assert.ok((long.damage[0] ?? '').length < 400);
    assert.ok(!long.damage[0]?.includes('\u001b'));
  });

  it('are damaged if a header is not the first line, or an object has the wrong kind', async () => {
    const wrong = [
      header,
      { ...ofNode, kind: 'Pod' },
      { ...ofNode, name: undefined },
      { ...ofNode, kind: undefined },
      { ...phase, kind: 'Pod', name: 'web-1' },
      { ...ofNode, source: 'workload' },
    ];
    const { events, damage } = await read(header, phase, ...wrong);
    assert.deepEqual(events, [phase]);
    assert.deepEqual(
      damage,
      wrong.map((_, index) => `events.ndjson:${index + 3}: not what this file should hold`),
    );
  });

  it('may have unknown fields', async () => {
    const more = { ...ofNode, colour: 'blue', data: { ...node, colour: 'blue' } };
    const { events, damage } = await read({ ...header, colour: 'blue' }, more);
    assert.deepEqual(damage, []);
    assert.deepEqual(events[0]?.subject, 'uid-1');
  });
});
