import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../model/event.ts';
import type { Lab } from '../lab/lab.ts';
import { watchContainers } from './containers.ts';
import { Recorder } from './recorder.ts';

const event = (action: string, id: string, at: number) =>
  JSON.stringify({ Action: action, Actor: { ID: id, Attributes: { exitCode: '137' } }, timeNano: at * 1000 });

describe('watching the containers of nodes', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-containers-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function recorded(...lines: readonly string[]): Promise<{ events: RecordedEvent[]; args: readonly string[] }> {
    const recorder = new Recorder(join(folder, 'events.ndjson'));
    let args: readonly string[] = [];
    const lab = {
      info: { nodes: [{ name: 'w1', container: 'c1' }] },
      followEngine: async (given: readonly string[], { onLine }: { onLine: (line: string) => void }) => {
        args = given;
        for (const line of lines) onLine(line);
      },
    } as unknown as Lab;
    await watchContainers(lab, recorder, new AbortController().signal).ended;
    await recorder.close();
    const text = (await readFile(join(folder, 'events.ndjson'), 'utf8')).trim();
    const [, ...written] = text.split('\n');
    return { events: written.map((line) => JSON.parse(line) as RecordedEvent), args };
  }

  it('records the states of our containers, with the time of the engine', async () => {
    const { events } = await recorded(event('die', 'c1', 1_000_000), event('die', 'stranger', 2_000_000));
    assert.deepEqual(events, [
      { at: 1_000_000, source: 'container', type: 'die', subject: 'w1', data: { state: 'exited', exitCode: 137 } },
    ]);
  });

  it('records a node that is frozen and one that runs again', async () => {
    const actions = ['pause', 'unpause', 'die', 'start', 'exec_start'];
    const { events, args } = await recorded(...actions.map((action, index) => event(action, 'c1', index + 1)));
    assert.deepEqual(
      events.map(({ type, data }) => [type, (data as { state: string }).state]),
      [
        ['pause', 'paused'],
        ['unpause', 'running'],
        ['die', 'exited'],
        ['start', 'running'],
      ],
    );
    for (const action of actions.slice(0, 4)) assert.ok(args.includes(`--filter=event=${action}`), action);
  });

  it('requests events from before it listens, and records repeated events once', async () => {
    const { events, args } = await recorded(event('die', 'c1', 1_000_000), event('die', 'c1', 1_000_000));
    assert.equal(events.length, 1);
    assert.ok(args.some((arg) => /^--since=\d{10}\.\d{6}$/.test(arg)));
  });

  it('ignores lines that are not events', async () => {
    const { events } = await recorded('{"Action":', '[]', event('start', 'c1', 3_000_000));
    assert.deepEqual(
      events.map(({ type }) => type),
      ['start'],
    );
  });
});
