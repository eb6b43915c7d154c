import assert from 'node:assert/strict';
import { ExecError } from '../../sys/exec.ts';
import type { Lab } from '../lab/lab.ts';
import { conntrackCommand, enlargeBuffer } from './conntrack.ts';

describe('conntrackCommand', () => {
  it('watches one Service and ends by itself', () => {
    assert.equal(
      conntrackCommand('10.96.0.10', 90_500).join(' '),
      'timeout 91 conntrack -E -o timestamp -e NEW,DESTROY -p tcp --orig-dst 10.96.0.10',
    );
  });
});

describe('enlarging the buffer of conntrack', () => {
  const { signal } = new AbortController();
  /** A node on which the script ends with these exit codes, one after the other. */
  const nodeWith = (...exitCodes: readonly number[]) => {
    const commands: string[] = [];
    const onNode: Lab['onNode'] = async (node, command, { input }) => {
      assert.match(String(input), /setsockopt/);
      const exitCode = exitCodes[commands.push(`${node}: ${command.join(' ')}`) - 1] ?? 0;
      if (exitCode !== 0) throw new ExecError('perl', exitCode);
      return { stdout: '', stderr: '', exitCode };
    };
    return { commands, onNode };
  };

  it('is repeated until its socket receives events', async () => {
    const node = nodeWith(75, 75, 0);
    await enlargeBuffer(node, 'w1', signal);
    assert.deepEqual(node.commands, Array(3).fill('w1: perl - 33554432'));
  });

  it('fails if the script fails', async () => {
    await assert.rejects(enlargeBuffer(nodeWith(1), 'w1', signal), ExecError);
  });
});
