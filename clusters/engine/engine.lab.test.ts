import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { askEngine, shellFor } from '../docker/docker.ts';
import { engineFolder } from '../private-engine/engine-folder.ts';
import { askPrivateEngine } from '../private-engine/private-engine.ts';
import { processesNaming } from '../private-engine/processes.ts';
import { importHostPrograms } from './testing/host-programs-image.ts';
import { SecondEngine } from './testing/second-engine.ts';

describe('private engine', function () {
  this.timeout(120_000);
  const image = 'holdfast-test/sleep:1';
  const machines = async () =>
    (await processesNaming(engineFolder().root)).filter(
      ({ program }) => program === 'dockerd' || program === 'containerd',
    );
  let engine: SecondEngine;
  let machinesBefore: Awaited<ReturnType<typeof machines>>;

  before(async () => {
    machinesBefore = await machines();
    engine = await SecondEngine.prepare();
  });
  after(() => engine[Symbol.asyncDispose]());

  const $ = () => shellFor(engine.env);
  const killDaemon = async () => {
    const [daemon] = (await processesNaming(engine.folder.config)).filter(({ program }) => program === 'dockerd');
    assert.ok(daemon);
    process.kill(daemon.pid, 'SIGKILL');
  };
  const assertNothingLeft = async () => {
    assert.deepEqual(await engine.processes(), []);
    assert.deepEqual(await engine.mounts(), []);
    assert.ok('problem' in (await askEngine(engine.env, 5_000)));
    const rules = await engine.host.run('iptables-save', []);
    assert.doesNotMatch(rules, /DOCKER|MASQUERADE|FORWARD DROP/);
    assert.equal((await engine.host.run('cat', ['/proc/sys/net/ipv4/ip_forward'])).trim(), '0');
    assert.doesNotMatch(await engine.host.run('ip', ['-brief', 'link']), /holdfast-test/);
  };

  it('starts in spite of a dead socket and a pid file that names another process', async () => {
    const elsewhere = `${engine.folder.socket}.silent`;
    const silent = createServer().listen(elsewhere);
    await once(silent, 'listening');
    await rename(elsewhere, engine.folder.socket);
    await writeFile(engine.folder.pid, String(process.pid));
    try {
      assert.equal(await askPrivateEngine(engine.folder), undefined);
      await engine.start();
    } finally {
      silent.close();
    }
    assert.ok('info' in ((await askPrivateEngine(engine.folder)) ?? {}));
  });

  it('runs privileged containers, also without CAP_SYS_RESOURCE', async () => {
    await importHostPrograms(engine.env, image, ['sleep', 'cat']);
    await $()`docker network create --opt com.docker.network.bridge.name=holdfast-test0 holdfast-test`;
    await $()`docker run --detach --name sleeper --stop-timeout 1 --privileged --network holdfast-test ${image} sleep 1000`;
    const said = await $()`docker exec --privileged sleeper cat /proc/self/status`;
    assert.match(said.stdout, /^CapEff:\s+0*3f/m);
    assert.match(await engine.host.run('iptables-save', []), /holdfast-test0/);
  });

  it('restarts after its daemon was killed, and does not treat the container as running', async () => {
    await killDaemon();
    await engine.start();
    const state = await $()`docker inspect --format ${'{{.State.Status}}'} sleeper`;
    assert.equal(state.stdout.trim(), 'exited');
  });

  it('stops, and leaves nothing but images', async () => {
    await $()`docker start sleeper`;
    await engine.stop();
    await assertNothingLeft();
  });

  it('stops the containers of a killed daemon', async () => {
    await engine.start();
    await $()`docker start sleeper`;
    const { stdout } = await $()`docker inspect --format ${'{{.State.Pid}}'} sleeper`;
    await killDaemon();
    await engine.stop();
    await assertNothingLeft();
    assert.throws(() => process.kill(Number(stdout), 0), /ESRCH/);
  });

  it('reports the last lines of the log if it cannot start', async () => {
    await rm(engine.folder.data, { recursive: true });
    await writeFile(engine.folder.data, '');
    await assert.rejects(engine.start(), /dockerd exited at once.*points to a file/s);
  });

  it("changed nothing of the machine's own engine", async () => {
    assert.deepEqual(await machines(), machinesBefore);
  });
});
