import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestCertificate } from './certificates.ts';

interface Request {
  readonly method: string;
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
}

/**
 * An API server on 127.0.0.1 with a real certificate. It has one namespace, one Deployment and one StatefulSet, and logs
 * its requests.
 */
export class ListeningServer {
  readonly asked: Request[] = [];
  /** The Deployment as JSON, which is sent unchanged. */
  deployment = '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":{}}';
  /** The StatefulSet as JSON, which is sent unchanged. */
  statefulset = '{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"db","namespace":"shop"},"spec":{}}';
  /** The status code of the answer to a patch. */
  patchCode = 200;
  onPatch: () => void = () => {};
  /** The number of next requests whose connection is closed without an answer. */
  drops = 0;
  readonly #server: HttpServer;

  constructor(certificate: TestCertificate) {
    this.#server = createServer(certificate, async (request, response) => {
      const noted = await this.#note(request);
      if (this.drops > 0) {
        this.drops--;
        request.socket.destroy();
        return;
      }
      const { code, body } = this.#answer(noted);
      response.writeHead(code, { 'content-type': 'application/json' }).end(body);
    }) as unknown as HttpServer;
  }

  async listen(): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #note(request: IncomingMessage): Promise<Request> {
    const { method = '', url = '', headers } = request;
    const noted = { method, url, contentType: headers['content-type'] ?? '', body: await text(request) };
    this.asked.push(noted);
    return noted;
  }

  #answer({ method, url }: Request): { readonly code: number; readonly body: string } {
    const path = url.split('?')[0];
    if (path === '/api/v1') return { code: 200, body: resources('v1', false, { namespaces: 'Namespace' }) };
    if (path === '/apis/apps/v1') {
      const kinds = { deployments: 'Deployment', statefulsets: 'StatefulSet' };
      return { code: 200, body: resources('apps/v1', true, kinds) };
    }
    if (path === '/api/v1/namespaces/kube-system')
      return {
        code: 200,
        body: '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"kube-system","uid":"uid-1"}}',
      };
    const isDeployment = path === '/apis/apps/v1/namespaces/shop/deployments/web';
    if (isDeployment || path === '/apis/apps/v1/namespaces/shop/statefulsets/db') {
      if (method === 'PATCH') this.onPatch();
      return method === 'PATCH' && this.patchCode !== 200
        ? { code: this.patchCode, body: '{"kind":"Status","apiVersion":"v1","message":"testing value failed"}' }
        : { code: 200, body: isDeployment ? this.deployment : this.statefulset };
    }
    return { code: 404, body: '{"kind":"Status","apiVersion":"v1","message":"not found"}' };
  }
}

const resources = (groupVersion: string, namespaced: boolean, kinds: { readonly [plural: string]: string }): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'APIResourceList',
    groupVersion,
    resources: Object.entries(kinds).map(([name, kind]) => ({ name, kind, namespaced, singularName: '', verbs: [] })),
  });
