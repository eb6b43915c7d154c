import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that delays what clients send. `POST /delay/MS` on the control port sets the delay. */
const port = Number(process.env.PORT ?? 8080);
const target = Number(process.env.TARGET_PORT ?? 8081);
const controlPort = Number(process.env.CONTROL_PORT ?? 9090);
/** The delay ends by itself after this time, even if holdfast is gone. */
const endsByItselfMs = 900_000;

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

const waitUntil = (due: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));

let lagMs = 0;
let ending: NodeJS.Timeout | undefined;

const proxy = createServer((client) => {
  const server = connect(target, '127.0.0.1');
  let previous: Promise<unknown> = Promise.resolve();
  client.on('data', (chunk) => {
    const due = performance.now() + lagMs;
    // A chunk waits for the previous one, so chunks keep their order if the delay becomes shorter.
    previous = previous.then(() => waitUntil(due)).then(() => server.write(chunk));
  });
  server.pipe(client);
  const end = (other: Socket) => () => other.destroy();
  client.on('error', end(server)).on('close', end(server));
  server.on('error', end(client)).on('close', end(client));
}).listen(port);

const control = createHttpServer((request, response) => {
  const [, ms] = /^\/delay\/(\d{1,5})$/.exec(request.url ?? '') ?? [];
  if (request.method !== 'POST' || ms === undefined) {
    response.writeHead(404).end();
    return;
  }
  lagMs = Number(ms);
  clearTimeout(ending);
  ending = setTimeout(() => {
    lagMs = 0;
  }, endsByItselfMs);
  response.writeHead(204).end();
}).listen(controlPort, () => console.log(`lag on ${portOf(proxy)}, control on ${portOf(control)}`));

for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => process.exit(0));
