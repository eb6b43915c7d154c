import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const script = join(import.meta.dirname, 'lag.ts');

/** Runs the proxy with a mocked clock, and prints whether a chunk is delayed. */
const hurried = `
  import { createServer, connect } from 'node:net';
  import { request } from 'node:http';
  import { once } from 'node:events';
  import { mock } from 'node:test';
  import { setImmediate } from 'node:timers/promises';

  const minute = 60_000;
  mock.timers.enable({ apis: ['setTimeout'] });
  const { setTimeout } = globalThis;
  const delays = [];
  globalThis.setTimeout = (work, ms) => {
    if (ms < minute) delays.push(ms);
    return setTimeout(work, ms);
  };
  const target = createServer().listen(0, '127.0.0.1');
  await once(target, 'listening');
  Object.assign(process.env, { PORT: '0', CONTROL_PORT: '0', TARGET_PORT: String(target.address().port) });
  const { log } = console;
  const listening = new Promise((resolve) => { console.log = resolve; });
  await import(process.argv[1]);
  const [port, control] = (await listening).match(/\\d+/g).map(Number);

  const tell = async () => {
    const [response] = await once(request({ port: control, method: 'POST', path: '/delay/400' }).end(), 'response');
    response.resume();
  };
  const send = async () => {
    delays.length = 0;
    connect(port).write('x');
    while (delays.length === 0) await setImmediate();
    return delays[0] > 0 ? 'held' : 'passed on';
  };
  await tell();
  mock.timers.tick(10 * minute);
  await tell();
  mock.timers.tick(10 * minute);
  log('after 10 + 10 min: ' + await send());
  mock.timers.tick(5 * minute);
  log('after 10 + 15 min: ' + await send());
  process.exit();`;

describe('the proxy in front of a dependency', () => {
  let target: Server;
  let proxy: ChildProcess;
  let port: number;
  let control: number;
  /** What the target was asked for, in order. */
  let paths: string[];

  beforeEach(async () => {
    paths = [];
    target = createServer(({ url = '' }, response) => {
      paths.push(url);
      response.end('ok');
    }).listen(0, '127.0.0.1');
    await once(target, 'listening');
    proxy = spawn(process.execPath, [script], {
      env: { PORT: '0', CONTROL_PORT: '0', TARGET_PORT: String((target.address() as AddressInfo).port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    assert(proxy.stdout);
    const [line] = await once(proxy.stdout.setEncoding('utf8'), 'data');
    [port, control] = (/(\d+), control on (\d+)/.exec(line) ?? []).slice(1).map(Number) as [number, number];
  });

  afterEach(() => {
    proxy.kill('SIGKILL');
    target.close();
  });

  const askedFor = async (): Promise<number> => {
    const began = performance.now();
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'ok');
    return performance.now() - began;
  };
  const tell = async (path: string, method = 'POST') =>
    (await fetch(`http://127.0.0.1:${control}${path}`, { method })).status;

  it('delays requests for the given time, and then no more', async () => {
    assert.equal(await tell('/delay/400'), 204);
    assert.ok((await askedFor()) >= 400);
    assert.equal(await tell('/delay/0'), 204);
    assert.ok((await askedFor()) < 400);
  });

  it('keeps the order of chunks if the delay becomes shorter', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    assert.equal(await tell('/delay/300'), 204);
    socket.write('GET /first HTTP/1.1\r\nHost: a\r\n\r\n');
    // The next chunk is one of its own.
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await tell('/delay/0'), 204);
    socket.write('GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await once(socket.resume(), 'close');
    assert.deepEqual(paths, ['/first', '/second']);
  });

  it('ends the delay 15 minutes after the last command', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', hurried, script]);
    assert.deepEqual(stdout.trim().split('\n'), ['after 10 + 10 min: held', 'after 10 + 15 min: passed on']);
  });

  it('accepts no other command', async () => {
    for (const [path, method] of [
      ['/delay/400', 'GET'],
      ['/delay/soon', 'POST'],
      ['/', 'POST'],
    ] as const)
      assert.equal(await tell(path, method), 404);
    assert.ok((await askedFor()) < 400);
  });
});
