/**
 * Measures what a row costs: bytes and CPU of k6 with holdfast's output, and of plain k6 with `--out json`. They take
 * turns, and send to the specimen on loopback.
 * Usage: node bench/k6-rows.ts <k6 built with the extension>
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { exec } from '../harness/sys/exec.ts';

const rounds = 2;
const rate = 300;
const durationMs = 6000;
const timeoutMs = 500;
const port = 18_080;
const kinds = ['holdfast', 'json'] as const;
const connections = ['fresh', 'kept-alive'] as const;

type Kind = (typeof kinds)[number];
type Connection = (typeof connections)[number];

interface Cost {
  requests: number;
  bytes: number;
  cpuMs: number;
}

const k6 = process.argv[2];
if (k6 === undefined) {
  console.error('Name the k6 to measure: node bench/k6-rows.ts <k6 built with the extension>');
  process.exit(2);
}

const repository = join(import.meta.dirname, '..');
const folder = await mkdtemp(join(tmpdir(), 'k6-rows-'));
const stopped = new AbortController();
const server = exec(process.execPath, [join(repository, 'experiments/workloads/specimen/server.ts')], {
  env: { PORT: String(port), POD: 'web-7d9c6bd7f4-x2x5p', NODE: 'holdfast-worker2', VERSION: '1', EVIDENCE: folder },
  signal: stopped.signal,
});
server.catch(() => undefined);

try {
  await listening();
  const costs = new Map<string, Cost>();
  for (let round = 0; round < rounds; round++) {
    for (const conn of connections) {
      for (const kind of kinds) {
        const total = costs.get(`${kind} ${conn}`) ?? { requests: 0, bytes: 0, cpuMs: 0 };
        const { requests, bytes, cpuMs } = await measure(k6, kind, conn);
        costs.set(`${kind} ${conn}`, {
          requests: total.requests + requests,
          bytes: total.bytes + bytes,
          cpuMs: total.cpuMs + cpuMs,
        });
      }
    }
  }
  print(costs);
} finally {
  stopped.abort();
  await rm(folder, { recursive: true });
}

async function listening(): Promise<void> {
  for (;;) {
    const answered = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function measure(program: string, kind: Kind, conn: Connection): Promise<Cost> {
  const file = join(folder, `${kind}-${conn}-${performance.now()}`);
  const script =
    kind === 'json' ? plainScript(conn) : await readFile(join(repository, 'harness/record/traffic/script.js'), 'utf8');
  const before = cpuOfChildrenMs();
  await exec(
    program,
    [
      'run',
      '--quiet',
      '--no-usage-report',
      '--summary-mode=disabled',
      '--no-thresholds',
      '--address=',
      `--out=${kind}=${file}`,
      '-',
    ],
    {
      input: script,
      timeoutMs: durationMs + 10_000,
      env: {
        HOLDFAST_TARGET: `http://127.0.0.1:${port}/`,
        HOLDFAST_GEN: conn,
        HOLDFAST_CONN: conn,
        HOLDFAST_RATE: String(rate),
        HOLDFAST_TIMEOUT_MS: String(timeoutMs),
        HOLDFAST_DURATION_MS: String(durationMs),
        K6_AUTO_EXTENSION_RESOLUTION: 'false',
      },
    },
  );
  const cpuMs = cpuOfChildrenMs() - before;
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const requests =
    kind === 'json'
      ? lines.filter((line) => line.startsWith('{"metric":"http_reqs","type":"Point"')).length
      : lines.length - 2;
  return { requests, bytes: lines.join('\n').length, cpuMs };
}

/** User and system time of all children that have ended. Linux counts it in ticks of 10 ms. */
function cpuOfChildrenMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(afterName[13]) + Number(afterName[14])) * 10;
}

/** Sends the same requests with stock k6. */
function plainScript(conn: Connection): string {
  const vus = Math.ceil((rate * timeoutMs * 1.2) / 1000);
  return `
    import http from 'k6/http';
    import exec from 'k6/execution';
    export const options = {
      scenarios: { requests: { executor: 'constant-arrival-rate', rate: ${rate}, timeUnit: '1s', duration: '${durationMs}ms',
        preAllocatedVUs: ${vus}, maxVUs: ${vus} } },
      noConnectionReuse: ${conn === 'fresh'},
      discardResponseBodies: true,
    };
    export default function () {
      const id = '${conn}-' + exec.scenario.iterationInTest;
      http.post('http://127.0.0.1:${port}/', id, { headers: { 'X-Request-Id': id }, timeout: '${timeoutMs}ms' });
    }`;
}

function print(costs: ReadonlyMap<string, Cost>): void {
  console.log(
    `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
  );
  console.log('output    connections  requests  bytes/request  CPU ms/1,000 requests');
  for (const [name, { requests, bytes, cpuMs }] of costs) {
    const [kind = '', conn = ''] = name.split(' ');
    const perRequest = String(Math.round(bytes / requests));
    const perThousand = String(Math.round((cpuMs / requests) * 1000));
    console.log(
      `${kind.padEnd(10)}${conn.padEnd(13)}${String(requests).padStart(8)}${perRequest.padStart(15)}${perThousand.padStart(23)}`,
    );
  }
  for (const conn of connections) {
    const [rows, json] = kinds.map((kind) => costs.get(`${kind} ${conn}`));
    if (!rows || !json) continue;
    const ratio = (of: (cost: Cost) => number) => (of(json) / json.requests / (of(rows) / rows.requests)).toFixed(1);
    console.log(
      `${conn}: json writes ${ratio((cost) => cost.bytes)} times the bytes and takes ${ratio((cost) => cost.cpuMs)} times the CPU`,
    );
  }
}
