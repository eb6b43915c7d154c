import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageIn, socketOf } from '../engine/registry.ts';
import { describeEngine, parseInfo, shellFor } from './docker.ts';

describe('shellFor', () => {
  it('passes on the given variables, and none of our secrets', async () => {
    process.env.MADE_UP_TOKEN = 'secret';
    try {
      const { stdout } = await shellFor({ DOCKER_HOST: 'unix:///run/it.sock' })`env`;
      assert.match(stdout, /^DOCKER_HOST=unix:\/\/\/run\/it.sock$/m);
      assert.doesNotMatch(stdout, /secret/);
    } finally {
      delete process.env.MADE_UP_TOKEN;
    }
  });

  it('runs no program of an npm package, although npx puts them first on the PATH', () => {
    const root = mkdtempSync(join(tmpdir(), 'holdfast-npx-'));
    try {
      const planted = join(root, 'node_modules', '.bin');
      mkdirSync(planted, { recursive: true });
      for (const program of ['bash', 'docker', 'uname'])
        writeFileSync(join(planted, program), '#!/bin/sh\necho planted\n', { mode: 0o755 });
      const script = `
        const { shellFor } = await import(${JSON.stringify(new URL('docker.ts', import.meta.url).href)});
        const { exec } = await import(${JSON.stringify(new URL('../../harness/sys/exec.ts', import.meta.url).href)});
        console.log((await shellFor()({ nothrow: true })\`uname; docker --version\`).stdout);
        console.log((await exec('uname', [])).stdout);`;
      const env = { PATH: `${planted}:/usr/bin:/bin` };
      const node = ['--input-type=module', '--eval', script];
      const { stdout, stderr } = spawnSync(process.execPath, node, { env, encoding: 'utf8' });
      assert.equal(stdout.match(/^Linux$/gm)?.length, 2, stderr);
      assert.doesNotMatch(stdout, /planted/);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('does not run the user’s ~/.bashrc', async () => {
    const home = mkdtempSync(join(tmpdir(), 'holdfast-home-'));
    try {
      writeFileSync(join(home, '.bashrc'), 'echo from bashrc\n');
      assert.equal((await shellFor({ HOME: home })`echo from the command`).stdout, 'from the command\n');
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});

describe('parseInfo', () => {
  it('reads the report of the engine', () => {
    const info = parseInfo('{"ServerVersion":"20.10.24","CgroupVersion":"2","Driver":"overlay2","Containers":3}');
    assert.deepEqual(info, { version: '20.10.24', cgroupVersion: '2', storageDriver: 'overlay2' });
    assert.equal(info && describeEngine(info), 'Docker 20.10.24, overlay2, cgroup v2');
  });

  it('reads the reports of engines of other kinds and versions', () => {
    const engines = {
      'Docker 20.10.24+dfsg1, overlay2, cgroup v1':
        '{"ServerVersion":"20.10.24+dfsg1","CgroupDriver":"cgroupfs","CgroupVersion":"1","Driver":"overlay2"}',
      'Docker 29.1.0, overlayfs, cgroup v2':
        '{"ServerVersion":"29.1.0","CgroupDriver":"systemd","CgroupVersion":"2","Driver":"overlayfs","DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]],"SecurityOptions":["name=seccomp,profile=builtin","name=cgroupns"]}',
      // From before Docker 20.10, which supports only cgroup v1.
      'Docker 19.03.15, overlay2, cgroup v1':
        '{"ServerVersion":"19.03.15","CgroupDriver":"cgroupfs","Driver":"overlay2"}',
    };
    for (const [words, text] of Object.entries(engines)) {
      const info = parseInfo(text);
      assert.equal(info && describeEngine(info), words);
    }
  });

  it('is undefined if no engine answered', () => {
    assert.equal(parseInfo('{"ServerVersion":"","ServerErrors":["Cannot connect to the Docker daemon"]}'), undefined);
    assert.equal(parseInfo('null'), undefined);
  });
});

describe('socketOf', () => {
  it('returns the path of a unix socket and nothing else', () => {
    assert.equal(socketOf('unix:///run/docker.sock'), '/run/docker.sock');
    assert.equal(socketOf('ssh://user@host'), undefined);
    assert.equal(socketOf('tcp://127.0.0.1:2375'), undefined);
  });
});

describe('messageIn', () => {
  it('returns the message of the engine', () => {
    assert.equal(messageIn('{"message":"manifest unknown: manifest unknown"}\n'), 'manifest unknown: manifest unknown');
  });

  it('returns the answer of a proxy', () => {
    assert.equal(messageIn('<h1>502</h1>\n'), '<h1>502</h1>');
    assert.equal(messageIn(''), 'no reason given');
  });
});
