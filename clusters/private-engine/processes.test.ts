import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { readKernelFile } from '../../harness/sys/files/system.ts';
import { endProcesses, parseArguments, processesNaming, runsAs } from './processes.ts';

describe('parseArguments', () => {
  it('leaves out the program', () => {
    assert.deepEqual(parseArguments('/usr/sbin/dockerd\0--config-file\0/a b/c\0'), ['--config-file', '/a b/c']);
  });

  it('is empty for a kernel thread or a zombie', () => assert.deepEqual(parseArguments(''), []));
});

describe('runsAs', () => {
  it('requires all four user ids', () => {
    assert.equal(runsAs(0, 'Name:\tdockerd\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n'), true);
    assert.equal(runsAs(0, 'Name:\tdockerd\nUid:\t1000\t0\t0\t0\n'), false);
    assert.equal(runsAs(0, 'Name:\tUid:\t0\t0\t0\t0\nUid:\t1000\t1000\t1000\t1000\n'), false);
  });
});

describe('processesNaming', () => {
  const path = `/nonexistent/${process.pid}`;
  const sleeping = async (program: string, args: readonly string[], argv0?: string) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], ...(argv0 && { argv0 }) });
    await once(child, 'spawn');
    return child;
  };

  it('identifies a program by its file, not by the name in its arguments', async () => {
    const args = ['-e', 'setInterval(() => {}, 1e6)', `${path}/daemon.json`];
    const impostor = await sleeping(process.execPath, args, 'dockerd');
    try {
      assert.deepEqual(
        (await processesNaming(path)).map(({ program }) => program),
        ['node'],
      );
    } finally {
      impostor.kill('SIGKILL');
    }
  });

  if (process.getuid?.() === 0) {
    it('leaves out processes of other users, with any arguments', async () => {
      const asNobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];
      const impostor = await sleeping('setpriv', [
        ...asNobody,
        'sh',
        '-c',
        'read line',
        'dockerd',
        `${path}/daemon.json`,
      ]);
      try {
        while (!runsAs(65534, await readKernelFile(`/proc/${impostor.pid}/status`))) await sleep(10);
        assert.deepEqual(await processesNaming(path), []);
      } finally {
        impostor.kill('SIGKILL');
      }
    });
  }
});

describe('endProcesses', () => {
  it('ends only processes that name the path, even if they ignore SIGTERM', async () => {
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
