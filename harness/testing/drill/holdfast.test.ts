import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../../model/verdict.ts';
import { sleep } from '../../sys/clock.ts';
import { withLock } from '../../sys/lock.ts';
import { holdfast, runAndAsk } from './holdfast.ts';
import { errorCodeOf } from './output.ts';

describe("the recording of a drill's run", () => {
  let runs: string;

  beforeEach(async () => {
    runs = await mkdtemp(join(tmpdir(), 'holdfast-asked-'));
  });
  afterEach(() => rm(runs, { recursive: true, force: true }));

  const asked = <Answer>(ask: (exitCode: number | undefined) => Answer, signal = new AbortController().signal) =>
    runAndAsk(['no-such-experiment'], { cluster: 'none', runs, signal }, ({ exitCode }) => ask(exitCode));

  it('is removed after the callback returned', async () => {
    assert.equal(await asked((exitCode) => exitCode), exitCodes.usage);
    assert.deepEqual(await readdir(runs), []);
  });

  it('is kept if the callback throws, and the error names its path', async () => {
    const message = await asked(() => {
      throw new Error('not as expected');
    }).catch((error: Error) => error.message);
    const [kept = ''] = await readdir(runs);
    assert.equal(message, `not as expected; recorded in ${join(runs, kept)}`);
  });

  it('is removed if the drill was interrupted', async () => {
    await assert.rejects(asked(() => 'never', AbortSignal.abort(new Error('interrupted'))));
    assert.deepEqual(await readdir(runs), []);
  });
});

describe('a command of a drill', () => {
  let state: string;
  const before = process.env.XDG_STATE_HOME;

  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'holdfast-drilled-'));
    process.env.XDG_STATE_HOME = state;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    await rm(state, { recursive: true });
  });

  it('waits while another process uses the lab, and returns the error code of the command', async () => {
    const released = Promise.withResolvers<void>();
    const holding = withLock('lab', 'another command', () => released.promise);
    let isDone = false;
    const { signal } = new AbortController();
    const healed = holdfast(['heal'], { cluster: 'none', signal }).finally(() => {
      isDone = true;
    });
    await sleep(2500);
    assert.equal(isDone, false);
    released.resolve();
    await holding;
    const done = await healed;
    assert.equal(done.exitCode, exitCodes.error);
    assert.equal(errorCodeOf(done), 'failed');
    assert.match(done.output?.schema === 'holdfast.error/1' ? done.output.message : '', /^There is no cluster none\./);
  });
});
