import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../model/usage-error.ts';
import { identify } from '../record/foreign/identity.ts';
import { exec } from './exec.ts';
import { connect, connectContext, isStale } from './kube.ts';
import { ListeningServer } from './testing/api-server.ts';
import { forged, real } from './testing/certificates.ts';
import { kubeconfigOf, ownKubeconfig } from './testing/kubeconfig.ts';

const kubeSystem = { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' };
const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' };

describe('a connection to an API server', () => {
  let folder: string;
  let server: ListeningServer;
  let forger: ListeningServer;
  const environment = {
    KUBECONFIG: process.env.KUBECONFIG,
    NODE_TLS_REJECT_UNAUTHORIZED: process.env.NODE_TLS_REJECT_UNAUTHORIZED,
  };
  const file = () => join(folder, 'kubeconfig');
  const uses = (text: string) => writeFile(file(), text);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-connect-'));
    process.env.KUBECONFIG = file();
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    server = new ListeningServer(real);
    forger = new ListeningServer(forged);
    await server.listen();
    await forger.listen();
  });
  afterEach(async () => {
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await server.close();
    await forger.close();
    await rm(folder, { recursive: true });
  });

  describe('is verified by the certificate', () => {
    const refused = async (text: string) => {
      await uses(text);
      const kube = await connectContext('a');
      await assert.rejects(kube.read(kubeSystem), /fetch failed/);
      assert.deepEqual(forger.asked, []);
    };

    it('of the authority in the kubeconfig', async () => {
      await uses(kubeconfigOf('a', { server: server.url, ca: real.cert }));
      const found = await (await connectContext('a')).read(kubeSystem);
      assert.equal(found?.metadata?.uid, 'uid-1');
    });

    it('and not of another authority', () => refused(kubeconfigOf('a', { server: forger.url, ca: real.cert })));

    it('and is refused if the environment switches verification off', async () => {
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
      await uses(kubeconfigOf('a', { server: forger.url, ca: real.cert }));
      const words = (error: Error) =>
        error instanceof UsageError && /unset NODE_TLS_REJECT_UNAUTHORIZED/.test(error.message);
      await assert.rejects(connectContext('a'), words);
      await uses(ownKubeconfig({ server: forger.url, ca: real.cert }));
      await assert.rejects(connect(file()), words);
      assert.deepEqual(forger.asked, []);
    });

    it('and the environment adds no authority', async () => {
      await writeFile(join(folder, 'forged.crt'), forged.cert);
      await uses(kubeconfigOf('a', { server: forger.url, ca: real.cert }));
      const module = new URL('./kube.ts', import.meta.url).pathname;
      const script = `const { connectContext } = await import(${JSON.stringify(module)});
        const kube = await connectContext('a');
        console.log(await kube.read(${JSON.stringify(kubeSystem)}).then(() => 'accepted', () => 'refused'));`;
      const env = { KUBECONFIG: file(), NODE_EXTRA_CA_CERTS: join(folder, 'forged.crt'), PATH: process.env.PATH ?? '' };
      const { stdout } = await exec(process.execPath, ['--input-type=module', '--eval', script], {
        env,
        timeoutMs: 20_000,
      });
      assert.equal(stdout.trim(), 'refused');
    }).timeout(30_000);

    it('and a proxy cannot answer for the server', async () => {
      const proxy: Server = createServer();
      let asked = 0;
      proxy.on('connect', (_, client) => {
        asked++;
        const upstream = connectSocket(forger.port, '127.0.0.1', () => {
          client.write('HTTP/1.1 200 OK\r\n\r\n');
          upstream.pipe(client).pipe(upstream);
        });
        for (const socket of [client, upstream]) socket.on('error', () => undefined);
      });
      await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
      const { port } = proxy.address() as AddressInfo;
      try {
        await refused(
          kubeconfigOf('a', { server: server.url, ca: real.cert, 'proxy-url': `http://127.0.0.1:${port}` }),
        );
        assert.ok(asked > 0);
      } finally {
        proxy.closeAllConnections();
        proxy.close();
      }
    });

    it('and has no authority if the kubeconfig verifies none, so that its cluster is refused', async () => {
      const ways = [
        { server: server.url, ca: real.cert, 'insecure-skip-tls-verify': true },
        { server: server.url, ca: '' },
        { server: server.url.replace('https:', 'http:'), ca: real.cert },
      ];
      const { signal } = new AbortController();
      for (const way of ways) {
        await uses(kubeconfigOf('a', way));
        const kube = await connectContext('a');
        assert.equal(kube.caCertificate, '', JSON.stringify(way));
        await assert.rejects(identify('a', kube, signal), /has no certificate authority, or does not verify it/);
      }
      assert.deepEqual(server.asked, []);
    });

    it('and another server name in the kubeconfig makes it another server', async () => {
      await uses(kubeconfigOf('a', { server: server.url, ca: real.cert, 'tls-server-name': 'api.test' }));
      const kube = await connectContext('a');
      assert.equal(kube.server, `${server.url} (certificate of api.test)`);
      assert.equal((await kube.read(kubeSystem))?.metadata?.uid, 'uid-1');
    });

    it('and later changes of the authority file have no effect', async () => {
      const ca = join(folder, 'ca.crt');
      await writeFile(ca, real.cert);
      await uses(kubeconfigOf('a', { server: forger.url, ca: real.cert, 'certificate-authority': 'ca.crt' }));
      const kube = await connectContext('a');
      await writeFile(ca, forged.cert);
      await assert.rejects(kube.read(kubeSystem), /fetch failed/);
      assert.deepEqual(forger.asked, []);
    });

    it('and an authority outside the fingerprint is not trusted', async () => {
      const hidden = forged.cert.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE');
      await refused(kubeconfigOf('a', { server: forger.url, ca: `${real.cert}${hidden}` }));
    });
  });

  it('with the kubeconfig of the user may run the program in it', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 't' },
    };
    const { apiVersion } = credential;
    const program = { apiVersion, interactiveMode: 'Never', command: 'echo', args: [JSON.stringify(credential)] };
    await uses(kubeconfigOf('a', { server: server.url, ca: real.cert }, { exec: program }));
    assert.equal((await (await connectContext('a')).read(kubeSystem))?.metadata?.uid, 'uid-1');
  });

  describe('with a kubeconfig of holdfast', () => {
    it('uses a client certificate', async () => {
      await uses(ownKubeconfig({ server: server.url, ca: real.cert }));
      const kube = await connect(file());
      assert.equal((await kube.read(kubeSystem))?.metadata?.uid, 'uid-1');
    });

    const planted = { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch', args: ['planted'] };
    const strange: { readonly [what: string]: { readonly cluster?: object; readonly user?: object } } = {
      'a program to run': { user: { exec: planted } },
      'an auth provider': { user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'touch' } } } },
      'a token': { user: { token: 'secret' } },
      'a user name': { user: { username: 'admin', password: 'secret' } },
      'somebody to act as': { user: { as: 'admin' } },
      'a certificate in a file': { user: { 'client-certificate': '/etc/hostname' } },
      'no certificate': { user: { 'client-certificate-data': '' } },
      'an authority in a file': { cluster: { 'certificate-authority': '/etc/hostname' } },
      'no authority': { cluster: { 'certificate-authority-data': '' } },
      'a check that is switched off': { cluster: { 'insecure-skip-tls-verify': true } },
      'another name': { cluster: { 'tls-server-name': 'api.test' } },
      'a proxy': { cluster: { 'proxy-url': 'http://127.0.0.1:1' } },
    };
    for (const [what, change] of Object.entries(strange)) {
      it(`is refused with ${what}`, async () => {
        await uses(ownKubeconfig({ server: server.url, ca: real.cert, ...change.cluster }, change.user));
        await assert.rejects(connect(file()), /kubeconfig was changed since holdfast wrote it.*cluster down/);
        assert.deepEqual(server.asked, []);
      });
    }

    it('is refused if it is not a kubeconfig', async () => {
      for (const text of ['', 'clusters: [', 'clusters: 5']) {
        await uses(text);
        await assert.rejects(connect(file()), /kubeconfig (cannot be read|was changed since holdfast wrote it): /);
      }
    });

    it('is refused if it is a link or does not exist', async () => {
      await writeFile(join(folder, 'other'), ownKubeconfig({ server: server.url, ca: real.cert }));
      await symlink(join(folder, 'other'), file());
      await assert.rejects(connect(file()), /a link, not a regular file/);
      await assert.rejects(connect(join(folder, 'absent')), /there is no .*absent.*cluster up/);
    });
  });

  describe('that breaks', () => {
    const open = async () => {
      await uses(kubeconfigOf('a', { server: server.url, ca: real.cert }));
      const kube = await connectContext('a');
      await kube.read(web);
      server.asked.length = 0;
      return kube;
    };

    it('is used once more for a read', async () => {
      const kube = await open();
      server.drops = 1;
      assert.equal((await kube.read(web))?.metadata?.name, 'web');
      server.drops = 1;
      assert.equal((await kube.readJson(web))?.metadata?.name, 'web');
      assert.equal(server.asked.length, 4);
    });

    it('is an error if it breaks again', async () => {
      const kube = await open();
      server.drops = 2;
      await assert.rejects(kube.read(web), /^Error: read Deployment web: fetch failed/);
      assert.equal(server.asked.length, 2);
    });

    it('is not used again for a change', async () => {
      const kube = await open();
      server.drops = 1;
      await assert.rejects(kube.patch(web, {}), /^Error: patch Deployment web: fetch failed/);
      assert.equal(server.asked.length, 1);
    });
  });

  describe('sends a JSON Patch', () => {
    beforeEach(() => uses(kubeconfigOf('a', { server: server.url, ca: real.cert })));

    it('completely, with strings as the API server writes them, because it compares them as bytes', async () => {
      const kube = await connectContext('a');
      await kube.jsonPatch(web, [{ op: 'test', path: '/spec/x', value: 'a&b<c>\u2028é"' }]);
      const { method, url, contentType, body } = server.asked.at(-1) ?? assert.fail();
      assert.equal(method, 'PATCH');
      assert.equal(url, '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=holdfast');
      assert.equal(contentType, 'application/json-patch+json');
      assert.equal(body, String.raw`[{"op":"test","path":"/spec/x","value":"a\u0026b\u003cc\u003e\u2028é\""}]`);
    });

    it('and distinguishes a failed test from other errors', async () => {
      const kube = await connectContext('a');
      for (const [code, stale] of [
        [422, true],
        [409, true],
        [403, false],
        [500, false],
      ] as const) {
        server.patchCode = code;
        await assert.rejects(
          kube.jsonPatch(web, []),
          (error: Error) => isStale(error) === stale && error.message === 'patch Deployment web: testing value failed',
        );
      }
    });

    it('after it read the object with fields that the client does not know', async () => {
      const spec = { template: { metadata: { creationTimestamp: null }, spec: { brandNew: [{ a: 1 }] } } };
      server.deployment = JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec,
      });
      const found = await (await connectContext('a')).readJson(web);
      assert.deepEqual((found as { spec?: object }).spec, spec);
      assert.equal(await (await connectContext('a')).readJson({ ...web, name: 'absent' }), undefined);
    });
  });
});
