import assert from 'node:assert/strict';
import { shellFor } from '../../clusters/docker/docker.ts';
import { exec } from '../sys/exec.ts';
import { reason } from './reason.ts';

describe('reason', () => {
  it('is the end of the output of a failed process', async () => {
    const failed = await shellFor()`seq 20 >&2; exit 1`.catch((error: unknown) => error);
    assert.equal(reason(failed), Array.from({ length: 12 }, (_, index) => index + 9).join('\n'));
  });

  it('is the same part of the output of a program that execa ran', async () => {
    const failed = await exec('sh', ['-c', 'seq 20 >&2; exit 1']).catch((error: unknown) => error);
    assert.equal(
      reason(failed),
      [
        "Command failed with exit code 1: sh -c 'seq 20 >&2; exit 1'",
        ...Array.from({ length: 12 }, (_, index) => index + 9),
      ].join('\n'),
    );
  });

  it('is the message of the error if there is no output', () => {
    assert.equal(reason(new Error('no space left')), 'no space left');
    assert.equal(reason(Object.assign(new Error('exit code 1'), { stderr: '\n' })), 'exit code 1');
    assert.equal(reason('odd'), 'odd');
    assert.equal(reason(new TypeError()), 'TypeError');
  });
});
