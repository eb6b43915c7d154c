import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
