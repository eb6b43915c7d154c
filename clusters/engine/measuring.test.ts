import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertNotMeasured, MeasuredByAnother, whileMeasuring } from './measuring.ts';
import { ownerId, ownerLabel } from './owner.ts';
import { FakeEngine } from './testing/fake-engine.ts';

const module = new URL('measuring.ts', import.meta.url).href;

describe('an engine with a running measurement', function () {
  // Each call of docker is a separate process.
  this.timeout(30_000);

  const before = process.env.XDG_STATE_HOME;
  let engine: FakeEngine;
  let homes: readonly [string, string];
  const asOwner = (index: 0 | 1) => {
    process.env.XDG_STATE_HOME = homes[index];
  };
  const command = './holdfast run rolling-update';
  const measure = <T>(work: () => Promise<T>, signal?: AbortSignal) =>
    whileMeasuring(engine, { image: 'sha256:0', command, signal }, work);
  const marker = () => engine.containers()[0];

  beforeEach(() => {
    engine = new FakeEngine();
    homes = [mkdtempSync(join(tmpdir(), 'holdfast-owner-')), mkdtempSync(join(tmpdir(), 'holdfast-owner-'))];
    asOwner(0);
  });

  afterEach(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    engine[Symbol.dispose]();
    for (const home of homes) rmSync(home, { recursive: true });
  });

  it('shows the owner, the start and the command of a measurement while it lasts', async () => {
    await measure(async () => {
      assert.equal(marker()?.labels[ownerLabel], ownerId());
      assert.equal(marker()?.labels['io.holdfast.command'], command);
      assert.match(marker()?.labels['io.holdfast.since'] ?? '', /^\d{4}-/);
      await assertNotMeasured(engine);
    });
    assert.deepEqual(engine.containers(), []);
  });

  it('is free again after an error', async () => {
    await assert.rejects(
      measure(() => Promise.reject(new Error('no node'))),
      /no node/,
    );
    assert.deepEqual(engine.containers(), []);
  });

  it('refuses another owner by name, and admits it afterwards', async () => {
    await measure(async () => {
      const owner = ownerId();
      asOwner(1);
      const refused = (error: unknown) => {
        assert.ok(error instanceof MeasuredByAnother, String(error));
        assert.match(error.message, new RegExp(`measuring on this machine: owner ${owner}, since .*, ${command}\n`));
        return true;
      };
      await assert.rejects(assertNotMeasured(engine), refused);
      await assert.rejects(
        measure(async () => assert.fail('both measure')),
        refused,
      );
      assert.equal(engine.containers().length, 1);
    });
    assert.equal(await measure(async () => 'measured'), 'measured');
  });

  it('admits one of two commands that start at the same moment', async () => {
    const come = (index: 0 | 1) => {
      asOwner(index);
      return measure(() => sleep(1500, 'measured'));
    };
    const came = await Promise.allSettled([come(0), come(1)]);
    assert.deepEqual(came.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('is free when the measuring process is killed', async () => {
    const script = `
      const { whileMeasuring } = await import(${JSON.stringify(module)});
      const engine = { env: ${JSON.stringify(engine.env)} };
      await whileMeasuring(engine, { image: 'sha256:0', command: 'x' }, () => new Promise(() => {
        process.stdout.write('measuring');
        setInterval(() => {}, 1e6);
      }));`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    assert.equal(engine.containers().length, 1);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const since = performance.now();
    while (engine.containers().length > 0) {
      assert.ok(performance.now() - since < 20_000, 'its marker stays');
      await sleep(20);
    }
  });

  it('replaces the marker of our dead process', async () => {
    const labels = { [ownerLabel]: ownerId() };
    engine.add({ id: 'd'.repeat(64), name: 'holdfast-measuring', state: 'exited', labels });
    assert.equal(await measure(async () => marker()?.labels['io.holdfast.command']), command);
    assert.ok(engine.log().includes(`docker rm --force ${'d'.repeat(64)}`));
  });

  it('is not free with a marker without an owner or with escape sequences in its labels', async () => {
    engine.add({
      id: 'e'.repeat(64),
      name: 'holdfast-measuring',
      labels: { 'io.holdfast.command': '\u001b]52;c;ZXZpbA==\u0007' },
    });
    await assert.rejects(
      measure(async () => assert.fail('both measure')),
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for these characters
      (error: Error) => /owner unknown/.test(error.message) && !/[\x00-\x09\x0b-\x1f]/.test(error.message),
    );
    assert.equal(engine.containers().length, 1);
  });

  it('reports why the engine cannot start a marker', async () => {
    await assert.rejects(
      whileMeasuring(engine, { image: 'missing', command }, async () => assert.fail('not shown')),
      /No such image: missing/,
    );
  });

  it('stops waiting after an interrupt', async () => {
    await assert.rejects(
      measure(async () => assert.fail('interrupted'), AbortSignal.abort(new Error('interrupted'))),
      /interrupted/,
    );
  });
});
