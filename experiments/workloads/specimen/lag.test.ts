import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const script = join(import.meta.dirname, 'lag.ts');

describe('the proxy in front of a dependency', () => {
  let target: Server;
  let proxy: ChildProcess;
  let port: number;
  let control: number;

  beforeEach(async () => {
    target = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
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
