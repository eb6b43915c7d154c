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
    new Journal(join(folder, 'journal', 'journal.ndjson')).intend({ kind: 'namespace', namespace: 'holdfast-a' });
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

  it('puts back what a run left that died, and writes it down for its owner alone', async () => {
    await watchOver(healable(), died());
    assert.equal(healed, 1);
    assert.match(readFileSync(log(), 'utf8'), /the run crashed; undoing its changes\n.* all changes were undone/);
    assert.equal(statSync(log()).mode & 0o777, 0o600);
    assert.deepEqual(await watchdogHealed(healable(), since), { done: true });
  });

  it('does nothing after a run that said goodbye', async () => {
    await watchOver(healable(), Readable.from(['done']));
    assert.equal(healed, 0);
  });

  it('writes through no link, waits for no pipe, and puts everything back all the same', async () => {
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
