import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { openEventLog } from './event-log.ts';
import { settingsFrom } from './settings.ts';

const settings = settingsFrom(process.env);
const log = openEventLog(settings.evidence, settings.pod);
// Every kept-alive connection of a generator sends a request within 2.4 s (its time-out plus 20 %), and its answer
// closes the connection.
const drainMs = 3000;

let ready = false;
let draining = false;
let inFlight = 0;

process.on('SIGTERM', onSigterm);
process.on('exit', () => log('exit'));
log('boot');

const server = createServer((request, response) => {
  if (request.url === '/ready') response.writeHead(ready ? 200 : 503).end();
  else if (request.url === '/allocate') allocate(response);
  else void serve(request, response);
});
server.keepAliveTimeout = 75_000;
server.headersTimeout = 80_000;

await delay(settings.startDelayMs);
server.listen(settings.port, async () => {
  log('listen');
  console.log(`listening on ${JSON.stringify(server.address())}`);
  await delay(settings.readyDelayMs);
  ready = true;
  log('ready');
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = String(request.headers['x-request-id'] ?? '');
  log('start', id);
  inFlight++;
  response.on('close', () => {
    inFlight--;
    log('end', id);
  });
  request.resume();
  const [answers] = await Promise.all([dependencyAnswers(), delay(settings.workMs)]);
  if (!answers) response.statusCode = 503;
  const { connection, sequence } = countRequest(request.socket);
  response.setHeaders(
    new Map([
      ['X-Pod', settings.pod],
      ['X-Node', settings.node],
      ['X-Version', settings.version],
      ['X-Conn', String(connection)],
      ['X-Conn-Seq', String(sequence)],
    ]),
  );
  if (draining || sequence === settings.maxRequestsPerConnection) response.setHeader('Connection', 'close');
  response.end(answers ? 'ok\n' : 'the dependency does not answer\n');
}

const dependencyLimitMs = 1000;

async function dependencyAnswers(): Promise<boolean> {
  if (settings.dependencyUrl === '') return true;
  try {
    const answer = await fetch(settings.dependencyUrl, { signal: AbortSignal.timeout(dependencyLimitMs) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

const chunkBytes = 16_777_216;
/** A limit that protects the host if the container has no memory limit. */
const mostChunks = 64;
const leaked: Buffer[] = [];

/** Leaks memory until the kernel kills the process. A fault uses it. */
function allocate(response: ServerResponse): void {
  response.writeHead(202).end();
  response.on('close', () => {
    // The buffer is filled, because the kernel counts only pages that were written.
    while (leaked.length < mostChunks) leaked.push(Buffer.alloc(chunkBytes, 1));
  });
}

const requestsOf = new WeakMap<Socket, { connection: number; sequence: number }>();
let connections = 0;

function countRequest(socket: Socket): { readonly connection: number; readonly sequence: number } {
  const counted = requestsOf.get(socket) ?? { connection: ++connections, sequence: 0 };
  counted.sequence++;
  requestsOf.set(socket, counted);
  return counted;
}

async function onSigterm(): Promise<void> {
  log('sigterm');
  if (settings.shutdown === 'ignore' || draining) return;
  if (settings.shutdown === 'exit' || !server.listening) process.exit(0);
  draining = true;
  // The close() of http.Server closes idle connections, and loses a request that is on its way on one of them.
  NetServer.prototype.close.call(server);
  log('close');
  await delay(drainMs);
  while (inFlight > 0) await delay(10);
  process.exit(0);
}
