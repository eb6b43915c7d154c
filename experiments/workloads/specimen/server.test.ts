import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { WorkloadEvent } from '../../../harness/model/event.ts';

const script = join(import.meta.dirname, 'server.ts');

describe('specimen server', () => {
  let folder: string;
  let servers: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'specimen-'));
  });

  afterEach(async () => {
    for (const server of servers) server.kill('SIGKILL');
    servers = [];
    await rm(folder, { recursive: true });
  });

  function start(env: { readonly [name: string]: string }): ChildProcess {
    const server = spawn(process.execPath, [script], {
      env: { PORT: '0', POD: 'web-1', NODE: 'worker', VERSION: '2', EVIDENCE: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    servers.push(server);
    return server;
  }

  async function listening(server: ChildProcess): Promise<number> {
    assert(server.stdout);
    const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
    return Number(/"port":(\d+)/.exec(line)?.[1]);
  }

  async function events(): Promise<readonly WorkloadEvent[]> {
    const lines = await readFile(join(folder, 'web-1.ndjson'), 'utf8');
    return lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  async function logged(type: WorkloadEvent['type']): Promise<void> {
    while (!(await events().catch(() => [])).some((event) => event.type === type)) await tick();
  }

  it('names itself in answers, counts connections and requests, and logs them', async () => {
    const before = Date.now() * 1000;
    const port = await listening(start({}));
    await logged('ready');
    const first = await client(port);
    const second = await client(port);
    assert.match(await first.post('g-1'), /^HTTP\/1.1 200 .*X-Pod: web-1\r\nX-Node: worker\r\nX-Version: 2\r\n/s);
    assert.match(await first.post('g-2'), /X-Conn: 1\r\nX-Conn-Seq: 2\r\n/);
    assert.match(await second.post('g-3'), /X-Conn: 2\r\nX-Conn-Seq: 1\r\n/);
    assert.match(await second.get('/ready'), /^HTTP\/1.1 200 /);
    const log = await events();
    assert.deepEqual(
      log.map(({ type, id }) => `${type} ${id ?? ''}`.trim()),
      ['boot', 'listen', 'ready', 'start g-1', 'end g-1', 'start g-2', 'end g-2', 'start g-3', 'end g-3'],
    );
    let last = before;
    for (const { at, pod } of log) {
      assert.equal(pod, 'web-1');
      assert(Number.isInteger(at) && at >= last && at <= Date.now() * 1000 + 1000, `${at} after ${last}`);
      last = at;
    }
  });

  it('closes its listener at once, answers every open connection once more, and then exits', async () => {
    // Longer than the three seconds that it waits at least.
    const server = start({ WORK_MS: '3100' });
    const exit = once(server, 'exit');
    const port = await listening(server);
    const idle = await client(port);
    const busy = await client(port);
    const inFlight = busy.post('g-1');
    await logged('start');
    server.kill('SIGTERM');
    await logged('close');
    await assert.rejects(client(port), { code: 'ECONNREFUSED' });
    const afterwards = idle.post('g-2');
    assert.match(await inFlight, /^HTTP\/1.1 200 .*Connection: close\r\n/s);
    assert.match(await afterwards, /^HTTP\/1.1 200 .*Connection: close\r\n/s);
    assert.deepEqual(await exit, [0, null]);
    const types = (await events()).map(({ type }) => type);
    assert.deepEqual(types.slice(types.indexOf('sigterm')), ['sigterm', 'close', 'start', 'end', 'end', 'exit']);
  });

  it('exits at once if it is set to, also with open connections', async () => {
    const server = start({ DRAIN: 'exit', WORK_MS: '60000' });
    const exit = once(server, 'exit');
    const open = await client(await listening(server));
    open.post('g-1').catch(() => undefined);
    await logged('start');
    server.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
    const types = (await events()).map(({ type }) => type);
    assert.deepEqual(types.slice(types.indexOf('sigterm')), ['sigterm', 'exit']);
  });

  it('ignores SIGTERM if it is set to', async () => {
    const server = start({ DRAIN: 'ignore' });
    const port = await listening(server);
    server.kill('SIGTERM');
    await logged('sigterm');
    const answer = await (await client(port)).post('g-1');
    assert.match(answer, /^HTTP\/1.1 200 /);
    assert.doesNotMatch(answer, /Connection: close/);
  });

  it('exits on SIGTERM before it listens', async () => {
    const server = start({ START_DELAY_MS: '60000' });
    const exit = once(server, 'exit');
    await logged('boot');
    server.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
    assert.deepEqual(
      (await events()).map(({ type }) => type),
      ['boot', 'sigterm', 'exit'],
    );
  });

  it('serves before it is ready, and reports that it is not ready', async () => {
    const probe = await client(await listening(start({ READY_DELAY_MS: '60000' })));
    assert.match(await probe.get('/ready'), /^HTTP\/1.1 503 /);
    assert.match(await probe.post('g-1'), /^HTTP\/1.1 200 /);
  });

  it('closes a connection after the set number of requests', async () => {
    const limited = await client(await listening(start({ MAX_REQ_PER_CONN: '2' })));
    assert.doesNotMatch(await limited.post('g-1'), /Connection: close/);
    assert.match(await limited.post('g-2'), /Connection: close/);
  });

  it('answers 503 with its name while its dependency does not answer', async () => {
    const dependency = start({ POD: 'dependency' });
    const port = await listening(dependency);
    const web = await client(await listening(start({ DEPENDENCY_URL: `http://127.0.0.1:${port}/` })));
    assert.match(await web.post('g-1'), /^HTTP\/1.1 200 /);
    dependency.kill('SIGKILL');
    await once(dependency, 'exit');
    assert.match(await web.post('g-2'), /^HTTP\/1.1 503 .*X-Pod: web-1\r\n/s);
  });

  it('leaks memory on request', async () => {
    const server = start({});
    const port = await listening(server);
    assert.match(await (await client(port)).get('/allocate'), /^HTTP\/1.1 202 /);
    const enough = 200_000_000;
    while ((await residentBytes(server)) < enough) await tick();
  });

  for (const [name, value] of [
    ['PORT', 'http'],
    ['WORK_MS', '-1'],
    ['DRAIN', 'slowly'],
  ] as const) {
    it(`refuses ${name}=${value}`, async () => {
      const server = start({ [name]: value });
      assert(server.stderr);
      const [words, [code]] = await Promise.all([text(server.stderr), once(server, 'exit')]);
      assert.equal(code, 1);
      assert.match(words, new RegExp(`${name} must be .*"${value}"`));
    });
  }
});

const pageBytes = 4096;

/** The memory of a process (proc(5), statm). */
async function residentBytes({ pid }: ChildProcess): Promise<number> {
  const pages = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1];
  return Number(pages) * pageBytes;
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

/** One connection with consecutive requests. Rejects if the connection ends before the answer. */
async function client(port: number) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  await once(socket, 'connect');
  return {
    post: (id: string) =>
      exchange(socket, `POST / HTTP/1.1\r\nHost: web\r\nX-Request-Id: ${id}\r\nContent-Length: 2\r\n\r\nhi`),
    get: (path: string) => exchange(socket, `GET ${path} HTTP/1.1\r\nHost: web\r\n\r\n`),
  };
}

async function exchange(socket: Socket, request: string): Promise<string> {
  const ended = once(socket, 'close').then(() => {
    throw new Error('closed before the answer');
  });
  ended.catch(() => undefined);
  socket.write(request);
  const [answer] = await Promise.race([once(socket, 'data'), ended]);
  return answer;
}
