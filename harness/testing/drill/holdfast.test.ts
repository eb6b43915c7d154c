import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../../model/verdict.ts';
import { runAndAsk } from './holdfast.ts';

describe('a run that is asked what came of it', () => {
  let runs: string;

  beforeEach(async () => {
    runs = await mkdtemp(join(tmpdir(), 'holdfast-asked-'));
  });
  afterEach(() => rm(runs, { recursive: true, force: true }));

  const asked = <Answer>(ask: (exitCode: number | undefined) => Answer, signal = new AbortController().signal) =>
    runAndAsk(['no-such-experiment'], { cluster: 'none', runs, signal }, ({ exitCode }) => ask(exitCode));

  it('is forgotten once it has answered', async () => {
    assert.equal(await asked((exitCode) => exitCode), exitCodes.usage);
    assert.deepEqual(await readdir(runs), []);
  });

  it('is kept where the question throws, and named', async () => {
    const message = await asked(() => {
      throw new Error('not as expected');
    }).catch((error: Error) => error.message);
    const [kept = ''] = await readdir(runs);
    assert.equal(message, `not as expected; recorded in ${join(runs, kept)}`);
  });

  it('is forgotten where nobody waits for it any more', async () => {
    await assert.rejects(asked(() => 'never', AbortSignal.abort(new Error('interrupted'))));
    assert.deepEqual(await readdir(runs), []);
  });
});
