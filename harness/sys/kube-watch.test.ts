import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Kube } from './kube.ts';
import { real } from './testing/certificates.ts';
import { ownKubeconfig } from './testing/kubeconfig.ts';

const added = `${JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'web-1', resourceVersion: '8' } } })}\n`;

describe('a watch of an API server', function () {
  this.timeout(20_000);
  let folder: string;
  let server: Server;
  let kube: Kube;
  const asked: string[] = [];
  let answer: (response: ServerResponse) => void;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-kube-'));
    server = createServer(real, (request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/json' });
      answer(response);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await writeFile(join(folder, 'config'), ownKubeconfig({ server: `https://127.0.0.1:${port}`, ca: real.cert }));
    kube = await connect(join(folder, 'config'));
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  const watch = async (signal = new AbortController().signal) => {
    const told: string[] = [];
    const query = { resourceVersion: '7', timeoutSeconds: 5 };
    const ended = await kube.watch('/api/v1/pods', query, ({ type }) => told.push(type), signal);
    return { ended, told };
  };

  it('is complete if the server ended it', async () => {
    answer = (response) => response.end(added);
    assert.deepEqual(await watch(), { ended: true, told: ['ADDED'] });
    assert.match(asked.at(-1) ?? '', /timeoutSeconds=5/);
  });

  it('may be incomplete if its connection broke', async () => {
    answer = (response) => response.write(added, () => response.destroy());
    await assert.rejects(watch(), /watch \/api\/v1\/pods/);
  });

  it('may be incomplete if it was aborted', async () => {
    const stopping = new AbortController();
    answer = (response) => response.write(added, () => setTimeout(() => stopping.abort(), 50));
    assert.deepEqual(await watch(stopping.signal), { ended: false, told: ['ADDED'] });
  });
});
