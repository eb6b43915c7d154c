import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endProcesses, parseCommandLine, processesNaming } from './processes.ts';

describe('parseCommandLine', () => {
  it('parts the program from its arguments', () => {
    assert.deepEqual(parseCommandLine('/usr/sbin/dockerd\0--config-file\0/a b/c\0'), {
      program: 'dockerd',
      args: ['--config-file', '/a b/c'],
    });
  });

  it('sees nothing in a kernel thread or a zombie', () => {
    assert.equal(parseCommandLine(''), undefined);
  });
});

describe('endProcesses', () => {
  it('ends what names the path, even if it ignores being asked, and nothing else', async () => {
    const path = `/nonexistent/${process.pid}-${Date.now()}`;
    const stubborn = 'process.on("SIGTERM", () => {}); process.stdout.write("up"); setInterval(() => {}, 1e6)';
    const start = async (argument: string) => {
      const child = spawn(process.execPath, ['-e', stubborn, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      return child;
    };
    const [named, namesake] = await Promise.all([start(`${path}/daemon.json`), start(`${path}2/daemon.json`)]);
    const ended = once(named, 'exit');
    try {
      assert.deepEqual(
        (await processesNaming(path)).map(({ pid }) => pid),
        [named.pid],
      );
      await endProcesses(() => processesNaming(path), 200);
      assert.equal((await ended)[1], 'SIGKILL');
      assert.equal(namesake.exitCode, null);
    } finally {
      namesake.kill('SIGKILL');
      named.kill('SIGKILL');
    }
  });
});
