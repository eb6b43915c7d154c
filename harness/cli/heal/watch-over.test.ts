import assert from 'node:assert/strict';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Journal } from '../../record/undo/journal.ts';
import { exec } from '../../sys/exec.ts';
import type { Healable } from './healable.ts';
import { watchdogHealed, watchOver } from './watch-over.ts';

describe('a watchdog', () => {
  let folder: string;
  let healed: number;
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const handlers = () => signals.map((name) => process.listeners(name));
  let before: ReturnType<typeof handlers>;
  const stateHome = process.env.XDG_STATE_HOME;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-watchdog-'));
    process.env.XDG_STATE_HOME = folder;
    healed = 0;
    before = handlers();
    new Journal(join(folder, 'journal', 'journal.ndjson')).begin({ kind: 'namespace', namespace: 'holdfast-a' });
  });
  afterEach(async () => {
    for (const [index, name] of signals.entries())
      for (const added of process.listeners(name))
        if (!before[index]?.includes(added)) process.removeListener(name, added);
    if (stateHome === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = stateHome;
    await rm(folder, { recursive: true });
  });

  const log = () => join(folder, 'watchdog.log');
  const healable = (): Healable => ({
    name: 'cluster lab',
    journal: join(folder, 'journal', 'journal.ndjson'),
    lock: `watchdog-test-${process.pid}`,
    flags: [],
    healCommand: './holdfast heal',
    watchdogLog: log(),
    heal: async () => ++healed,
  });
  const died = () => Readable.from(['']);
  const since = new Date(0);

  it('undoes the changes of a crashed run, and writes a log that only its owner can read', async () => {
    await watchOver(healable(), died());
    assert.equal(healed, 1);
    const lines = readFileSync(log(), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).event),
      ['crashed', 'healed'],
    );
    assert.equal(statSync(log()).mode & 0o777, 0o600);
    assert.deepEqual(await watchdogHealed(healable(), since), { done: true });
  });

  it('is reported as done only if its own log has an entry since that moment that it healed', async () => {
    const text = 'all changes were undone, and the cluster is verified';
    const line = (at: string, event: string) => writeFileSync(log(), `${JSON.stringify({ at, event, text })}\n`);
    const healedSince = async (moment: Date) => 'done' in (await watchdogHealed(healable(), moment));
    line('2026-11-30T10:00:00.000Z', 'healed');
    assert.equal(await healedSince(new Date('2026-11-30T09:59:59Z')), true);
    assert.equal(await healedSince(new Date('2026-11-30T10:00:01Z')), false);
    line('2026-11-30T10:00:00.000Z', 'note');
    assert.equal(await healedSince(since), false);
    writeFileSync(log(), `2026-11-30T10:00:00.000Z ${text}\n`);
    assert.equal(await healedSince(since), false);
  });

  it('logs that it failed, and why', async () => {
    const failing = { ...healable(), heal: () => Promise.reject(new Error('the API server does not answer')) };
    await assert.rejects(watchOver(failing, died()), /does not answer/);
    assert.match(readFileSync(log(), 'utf8'), /"event":"failed","text":"holdfast: the API server does not answer"/);
    assert.deepEqual(await watchdogHealed(failing, since), {
      waitingFor: 'the watchdog. Its last line: holdfast: the API server does not answer',
    });
  });

  it('does nothing after a run that ended normally', async () => {
    await watchOver(healable(), Readable.from(['done']));
    assert.equal(healed, 0);
  });

  it('follows no link and waits for no pipe, and still undoes all changes', async () => {
    writeFileSync(join(folder, 'victim'), 'victim');
    symlinkSync(join(folder, 'victim'), log());
    await watchOver(healable(), died());
    assert.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'victim');
    await rm(log());
    await exec('mkfifo', [log()]);
    await watchOver(healable(), died());
    assert.equal(healed, 2);
    assert.deepEqual(await watchdogHealed(healable(), since), { waitingFor: 'the watchdog. Its last line: nothing' });
  });
});
