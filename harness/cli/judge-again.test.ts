import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { UsageError } from '../model/usage-error.ts';
import { exitCodes } from '../model/verdict.ts';
import { armSettings, runFiles, syntheticArm } from '../testing/worlds/run-files.ts';
import { judgeAgain } from './judge-again.ts';

const main = join(import.meta.dirname, 'main.ts');
const written = ['findings.json', 'summary.json', 'report.json', 'junit.xml', 'report.html'];

describe('judging a recording of somebody else', function () {
  this.timeout(30_000);
  let top: string;
  let run: string;
  let victim: string;
  beforeEach(() => {
    top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'holdfast-judge-again-'));
    [run, victim] = [join(top, 'runs', 'run'), join(top, 'victim')];
    const files = runFiles([syntheticArm('control', armSettings.control, { seed: 1 })]);
    for (const [path, lines] of Object.entries(files)) {
      mkdirSync(dirname(join(run, path)), { recursive: true });
      writeFileSync(join(run, path), `${lines.join('\n')}\n`.replace('Does it?', 'x\\nssh-ed25519 AAAA attacker\\n'));
    }
    mkdirSync(victim);
    for (const name of written) writeFileSync(join(victim, name), 'mine', { mode: 0o600 });
  });
  afterEach(() => rmSync(top, { recursive: true }));

  const signal = new AbortController().signal;
  const refused = (words: RegExp) =>
    assert.rejects(
      judgeAgain([run], { signal }),
      (error: unknown) => error instanceof UsageError && words.test(error.message),
    );

  for (const name of written) {
    for (const [what, plant] of [
      ['a link', (path: string) => symlinkSync(join('..', '..', 'victim', name), path)],
      ['a link to nothing', (path: string) => symlinkSync(join('..', '..', 'victim', 'new'), path)],
      ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
      ['a folder', (path: string) => mkdirSync(path)],
    ] as const)
      it(`is refused before it starts if its ${name} is ${what}`, async () => {
        plant(join(run, name));
        // The run is checked before anything is judged.
        rmSync(join(run, 'rolling-update'), { recursive: true });
        await refused(
          new RegExp(`${name.replace('.', '\\.')} is not a regular file, so it is not overwritten\\. Remove it`),
        );
        assert.deepEqual(readdirSync(victim).sort(), written.toSorted());
        for (const each of written) assert.equal(readFileSync(join(victim, each), 'utf8'), 'mine');
      });
  }

  if (process.getuid?.() === 0)
    it('is refused in another user’s folder', async () => {
      chownSync(run, 65534, 65534);
      await refused(/belongs to user 65534, but holdfast runs as user 0/);
      chmodSync(run, 0o777);
      await refused(/belongs to user 65534/);
    });

  it('writes only its own files, also as a command', async () => {
    const judge = spawn(process.execPath, [main, 'judge', run], { cwd: top, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, [code]] = await Promise.all([text(judge.stdout), once(judge, 'close')]);
    assert.equal(code, exitCodes.inconclusive, out);
    assert.deepEqual(readdirSync(run).sort(), [...written, 'plan.json', 'rolling-update'].sort());
    assert.deepEqual(readdirSync(top).sort(), ['runs', 'victim']);
  });

  /** Resolves when the judge has this file open. */
  async function reading(pid: number | undefined, path: string): Promise<void> {
    const open = () => {
      try {
        return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === path);
      } catch {
        // A file was closed in the meantime.
        return false;
      }
    };
    while (!open()) await setTimeout(5);
  }

  it('ends immediately with exit code 130 when it is interrupted', async () => {
    const path = join(run, 'rolling-update', 'control', 'conntrack.log');
    writeFileSync(path, 'NOTICE: \n'.repeat(20_000_000));
    const judge = spawn(process.execPath, [main, 'judge', run], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = text(judge.stderr);
    const ended = once(judge, 'close');
    await reading(judge.pid, path);
    judge.kill('SIGINT');
    const started = performance.now();
    const [code] = await ended;
    assert.equal(code, exitCodes.interrupted, await said);
    assert.ok(performance.now() - started < 20_000);
    assert.match(await said, /received SIGINT and is stopping\nholdfast: interrupted by SIGINT/);
    assert.ok(!existsSync(join(run, 'findings.json')));
  });

  it('names the recording in its hints with the path that was typed', async () => {
    for (const name of written) rmSync(join(run, name), { force: true });
    const child = spawn(process.execPath, [main, 'judge', run], { stdio: ['ignore', 'pipe', 'ignore'] });
    const said = await text(child.stdout);
    assert.match(said, new RegExp(`\\n {2}judge {5}\\./holdfast judge ${run}\\n`));
  });
});
