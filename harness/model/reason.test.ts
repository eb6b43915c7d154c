import assert from 'node:assert/strict';
import { shellFor } from '../../clusters/engine/docker.ts';
import { exec } from '../sys/exec.ts';
import { reason } from './reason.ts';

describe('reason', () => {
  it('is the end of what a failed process said', async () => {
    const failed = await shellFor()`seq 20 >&2; exit 1`.catch((error: unknown) => error);
    assert.equal(reason(failed), Array.from({ length: 12 }, (_, index) => index + 9).join('\n'));
  });

  it('is as much of the end of a program that execa ran', async () => {
    const failed = await exec('sh', ['-c', 'seq 20 >&2; exit 1']).catch((error: unknown) => error);
    assert.equal(
      reason(failed),
      [
        "Command failed with exit code 1: sh -c 'seq 20 >&2; exit 1'",
        ...Array.from({ length: 12 }, (_, index) => index + 9),
      ].join('\n'),
    );
  });

  it('is the message where there was no process, or it said nothing', () => {
    assert.equal(reason(new Error('no space left')), 'no space left');
    assert.equal(reason(Object.assign(new Error('exit code 1'), { stderr: '\n' })), 'exit code 1');
    assert.equal(reason('odd'), 'odd');
    assert.equal(reason(new TypeError()), 'TypeError');
  });
});
