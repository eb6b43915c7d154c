import assert from 'node:assert/strict';
import { attempt, exec, follow } from './exec.ts';

describe('the environment of a program', () => {
  const token = 'MADE_UP_TOKEN';
  beforeEach(() => {
    process.env[token] = 'secret';
  });
  afterEach(() => {
    delete process.env[token];
  });

  const assertNone = (environment: string) => {
    assert.match(environment, /^PATH=/m);
    assert.match(environment, /^GIVEN=given$/m);
    assert.doesNotMatch(environment, /secret/);
  };

  it('has none of our secrets, and the variables that it is given', async () => {
    assertNone((await exec('env', [], { env: { GIVEN: 'given' } })).stdout);
  });

  it('has none of our secrets if the program is followed', async () => {
    const lines: string[] = [];
    const ended = new AbortController();
    await follow('env', [], {
      env: { GIVEN: 'given' },
      signal: ended.signal,
      onLine: (line) => lines.push(line),
      onEnd: () => ended.abort(),
    });
    assertNone(lines.join('\n'));
  });

  it('is our whole environment if the program is holdfast itself', async () => {
    const { stdout } = await attempt('env', [], { signal: new AbortController().signal, env: { GIVEN: 'given' } });
    assert.match(stdout, /^GIVEN=given$/m);
    assert.match(stdout, new RegExp(`^${token}=secret$`, 'm'));
  });
});
