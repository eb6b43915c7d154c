import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../../harness/model/progress.ts';
import { shellFor } from '../docker/docker.ts';
import { type Engine, findOrStartEngine } from '../engine/engine.ts';
import { whileMeasuring } from '../engine/measuring.ts';
import { ownerId, ownerLabel } from '../engine/owner.ts';
import { bridgeName, networkName } from '../network/network.ts';

const cluster = 'owner-test';
const network = networkName(cluster);
const marker = 'holdfast-measuring';
const progress: Progress = { plan() {}, note() {}, now() {}, step: (_title, work) => work() };
const measuringModule = new URL('../engine/measuring.ts', import.meta.url).href;

/** This process is the first owner. The second is a child process with a separate state folder, on the same engine. */
describe('two owners with one engine', function () {
  this.timeout(120_000);
  const stack = new AsyncDisposableStack();
  const home = mkdtempSync(join(tmpdir(), 'holdfast-second-owner-'));
  const $ = () => shellFor(engine.env);
  let engine: Engine;
  let image: string;

  const named = async (name: string) =>
    (await $()`docker ps --all --no-trunc --filter ${`name=^/?${name}`} --format ${'{{.Names}} {{.State}}'}`).stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .sort();

  async function asSecond(...args: string[]): Promise<{ readonly exitCode: number; readonly said: string }> {
    const main = join(import.meta.dirname, '../../harness/cli/main.ts');
    const env = { ...process.env, ...engine.env, XDG_STATE_HOME: home };
    const child = spawn(process.execPath, [main, ...args, '--cluster', cluster], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [said, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    return { exitCode, said };
  }

  before(async () => {
    stack.defer(() => rmSync(home, { recursive: true }));
    engine = await findOrStartEngine({ install: false, progress });
    const images = await $()`docker image ls --format ${'{{.Repository}} {{.ID}}'}`;
    image = /(?:holdfast|kindest)\/node ([0-9a-f]+)$/m.exec(images.stdout)?.[1] ?? '';
    assert.notEqual(image, '', 'the engine has no node image');

    const labels = [`--label=${ownerLabel}=${ownerId()}`];
    const bridge = `com.docker.network.bridge.name=${bridgeName(network)}`;
    stack.defer(() => $()({ nothrow: true })`docker network rm ${network}`.then(() => undefined));
    await $()`docker network create --opt ${bridge} --label ${`io.holdfast.cluster=${cluster}`} ${labels} ${network}`;
    for (const node of [`${cluster}-control-plane`, `${cluster}-worker`]) {
      stack.defer(() => $()({ nothrow: true })`docker rm --force ${node}`.then(() => undefined));
      const options = ['--detach', '--network', network, '--name', node, '--entrypoint', 'sleep', ...labels];
      await $()`docker run ${options} --label ${`io.x-k8s.kind.cluster=${cluster}`} ${image} 1000`;
    }
  });

  after(() => stack.disposeAsync());

  const assertKept = async () => {
    assert.deepEqual(await named(cluster), [`${cluster}-control-plane running`, `${cluster}-worker running`]);
    assert.match((await $()`docker network ls --format ${'{{.Name}}'}`).stdout, new RegExp(`^${network}$`, 'm'));
  };

  for (const command of ['up', 'down'])
    it(`refuses cluster ${command} by the second owner on a cluster of the first, by name, and changes nothing`, async () => {
      const { exitCode, said } = await asSecond('cluster', command);
      assert.match(said, new RegExp(`${cluster}-control-plane \\(.*owner ${ownerId()}\\).*network ${network} \\(`));
      assert.equal(exitCode, 4);
      await assertKept();
    });

  it('refuses a run of the second owner while the first one measures', async () => {
    await whileMeasuring(engine, { image, command: './holdfast run drain' }, async () => {
      assert.deepEqual(await named(marker), [`${marker} running`]);
      for (const command of [
        ['run', 'rolling-update'],
        ['cluster', 'up'],
        ['cluster', 'down'],
      ]) {
        const { exitCode, said } = await asSecond(...command);
        assert.match(
          said,
          /another holdfast is measuring on this machine: owner [0-9a-f]{32}, since .*holdfast run drain/,
        );
        assert.equal(exitCode, 4);
      }
    });
    assert.deepEqual(await named(marker), []);
    assert.match((await asSecond('cluster', 'down')).said, /of another owner/);
    await assertKept();
  });

  it('is free soon after the measuring process was killed', async () => {
    const script = `
      const { whileMeasuring } = await import(${JSON.stringify(measuringModule)});
      const engine = { env: ${JSON.stringify(engine.env)} };
      await whileMeasuring(engine, { image: ${JSON.stringify(image)}, command: 'x' }, () => new Promise(() => {
        process.stdout.write('measuring');
        setInterval(() => {}, 1e6);
      }));`;
    const env = { ...process.env, XDG_STATE_HOME: home };
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    assert.deepEqual(await named(marker), [`${marker} running`]);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const deadline = Date.now() + 10_000;
    while ((await named(marker)).length > 0) {
      assert.ok(Date.now() < deadline, 'its marker stays');
      await sleep(100);
    }
  });
});
