import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ownerLabel } from '../engine/owner.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { bridgeName, networkName } from '../network/network.ts';
import { sampleId } from './testing/sample-record.ts';

const cluster = 'sectest';
const another = { [ownerLabel]: '0'.repeat(32) };

/** Runs the commands of a user with a separate state folder, on an engine that also has clusters of another owner. */
describe('a cluster of another owner', function () {
  this.timeout(30_000);
  let engine: FakeEngine;
  let home: string;

  beforeEach(() => {
    engine = new FakeEngine();
    home = mkdtempSync(join(tmpdir(), 'holdfast-another-'));
  });

  afterEach(() => {
    engine[Symbol.dispose]();
    rmSync(home, { recursive: true });
  });

  async function holdfast(...args: string[]): Promise<{ readonly exitCode: number; readonly said: string }> {
    const main = join(import.meta.dirname, '../../harness/cli/main.ts');
    const env = { ...process.env, ...engine.env, XDG_STATE_HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
    const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const [said, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    return { exitCode, said };
  }

  const theirs = () => {
    const network = networkName(cluster);
    const labels = { 'io.x-k8s.kind.cluster': cluster, ...another };
    engine.add({ id: sampleId('a', 0), name: `${cluster}-control-plane`, labels, networks: { [network]: 'x' } });
    engine.addNetwork({
      id: sampleId('b', 0),
      name: network,
      labels: { 'io.holdfast.cluster': cluster, ...another },
      bridge: bridgeName(network),
    });
  };
  const theyMeasure = () =>
    engine.add({
      id: sampleId('e', 0),
      name: 'holdfast-measuring',
      labels: {
        ...another,
        'io.holdfast.since': '2026-11-28T07:15:00Z',
        'io.holdfast.command': './holdfast run drain',
      },
    });
  const assertUntouched = () => {
    const asked = /^docker (info|ps|inspect|network (ls|inspect)|container inspect|image ls|context inspect)( |$)/;
    assert.deepEqual(
      engine.log().filter((line) => !asked.test(line)),
      [],
    );
    assert.ok(!existsSync(join(home, 'cache')), 'something was built');
  };

  for (const command of ['up', 'down'])
    it(`is refused by name by cluster ${command}, and is not changed`, async () => {
      theirs();
      const { exitCode, said } = await holdfast('cluster', command, '--cluster', cluster);
      assert.match(said, /sectest-control-plane \(a00000000000, owner 0{32}\), network holdfast-sectest \(b0/);
      assert.equal(exitCode, 4);
      assertUntouched();
    });

  it('does not prevent a new cluster after it was removed', async () => {
    assert.equal((await holdfast('cluster', 'down', '--cluster', cluster)).exitCode, 0);
    assertUntouched();
  });

  it('keeps the engine and the settings of the host when our last cluster is removed', async () => {
    engine.add({
      id: sampleId('a', 0),
      name: 'theirs-worker',
      labels: { 'io.x-k8s.kind.cluster': 'theirs', ...another },
    });
    const { exitCode, said } = await holdfast('cluster', 'down', '--cluster', cluster);
    assert.match(said, /settings of the host are kept.*: theirs/);
    assert.equal(exitCode, 0);
    assertUntouched();
  });

  if (process.getuid?.() === 0)
    it('is not changed on a running private engine while another engine answers first', async () => {
      using own = new FakeEngine();
      own.add({ id: sampleId('a', 0), name: `${cluster}-control-plane`, labels: { 'io.x-k8s.kind.cluster': cluster } });
      engine[Symbol.dispose]();
      engine = new FakeEngine({ privateEngine: own });
      const folder = join(home, 'holdfast', 'engine');
      mkdirSync(join(folder, 'data'), { recursive: true });
      // A process whose program file has that name, and which waits for its stdin.
      copyFileSync('/bin/cat', join(folder, 'dockerd'));
      const dockerd = spawn(join(folder, 'dockerd'), ['-', join(folder, 'daemon.json')], {
        argv0: 'cat',
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      await once(dockerd, 'spawn');
      try {
        engine.hostHas({ bridges: [bridgeName(networkName(cluster))] });
        for (const command of ['up', 'down']) {
          const { exitCode, said } = await holdfast('cluster', command, '--cluster', cluster);
          assert.match(
            said,
            /on the private engine of holdfast.*DOCKER_HOST=unix:\/\/.*engine\/docker.sock \.\/holdfast cluster down/,
          );
          assert.equal(exitCode, 4);
        }
        assertUntouched();
        assert.equal(own.containers().length, 1);
      } finally {
        dockerd.kill('SIGKILL');
      }
    });

  for (const command of [
    ['run', 'rolling-update'],
    ['inject', 'cordon', '--params', '{"nodes":{"pick":"most-replicas"}}'],
    ['cluster', 'up'],
    ['cluster', 'down'],
  ])
    it(`that runs a measurement makes ${command.slice(0, 2).join(' ')} exit with 4`, async () => {
      theyMeasure();
      const { exitCode, said } = await holdfast(...command, '--cluster', cluster);
      assert.match(
        said,
        /another holdfast is measuring on this machine: owner 0{32}, since 2026-11-28T07:15:00Z, \.\/holdfast run drain\n/,
      );
      assert.equal(exitCode, 4);
      assertUntouched();
    });
});
