import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fingerprint } from '../../model/fingerprint.ts';
import type { Progress } from '../../model/progress.ts';
import { ListeningServer } from '../../sys/testing/api-server.ts';
import { real } from '../../sys/testing/certificates.ts';
import { kubeconfigOf } from '../../sys/testing/kubeconfig.ts';
import { healableContext } from './context.ts';

const progress: Progress = { plan() {}, now() {}, note() {}, step: (_, work) => work() };

describe('healing a context', () => {
  let folder: string;
  let server: ListeningServer;
  const environment = { KUBECONFIG: process.env.KUBECONFIG, XDG_STATE_HOME: process.env.XDG_STATE_HOME };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-heal-'));
    server = new ListeningServer(real);
    await server.listen();
    process.env.XDG_STATE_HOME = folder;
    process.env.KUBECONFIG = join(folder, 'kubeconfig');
    await writeFile(process.env.KUBECONFIG, kubeconfigOf('prod', { server: server.url, ca: real.cert }));
  });
  afterEach(async () => {
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await server.close();
    await rm(folder, { recursive: true });
  });

  const cluster = () => ({
    context: 'prod',
    server: server.url,
    caSha256: fingerprint(real.cert),
    kubeSystemUid: 'uid-1',
  });
  const patch = (ref: object = {}, change: object = {}) => ({
    kind: 'patch',
    cluster: cluster(),
    ref: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop', ...ref },
    changes: [{ path: ['spec', 'replicas'], before: 2, after: 4, ...change }],
  });
  const healed = async (...actions: object[]) => {
    const { journal, heal } = healableContext('prod');
    await mkdir(dirname(journal), { recursive: true });
    const lines = actions.map((action, index) => JSON.stringify({ at: 1, seq: index + 1, deed: action }));
    await writeFile(journal, lines.map((line) => `${line}\n`).join(''));
    return heal({ progress, signal: AbortSignal.timeout(10_000) });
  };

  it('sends a JSON Patch that tests the journaled value', async () => {
    const status = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    const spec = { replicas: 4, template: {}, selector: {} };
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
    server.deployment = JSON.stringify(web);
    server.onPatch = () => {
      server.deployment = JSON.stringify({ ...web, spec: { ...spec, replicas: 2 }, status });
    };
    assert.equal(await healed(patch()), 1);
    const sent = server.asked.filter(({ method }) => method === 'PATCH');
    assert.deepEqual(
      sent.map(({ body }) => JSON.parse(body)),
      [
        [
          { op: 'test', path: '/spec/replicas', value: 4 },
          { op: 'replace', path: '/spec/replicas', value: 2 },
        ],
      ],
    );
  }).timeout(20_000);

  it('sends it also to a StatefulSet, and waits until that is available', async () => {
    const status = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    const db = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' } };
    const spec = { replicas: 4, template: {}, selector: {}, serviceName: 'db' };
    server.statefulset = JSON.stringify({ ...db, spec, status });
    server.onPatch = () => {
      server.statefulset = JSON.stringify({ ...db, spec: { ...spec, replicas: 2 }, status });
    };
    assert.equal(await healed(patch({ kind: 'StatefulSet', name: 'db' })), 1);
    const asked = server.asked.filter(({ url }) => url.startsWith('/apis/apps/v1/namespaces/shop/statefulsets/db'));
    assert.deepEqual(
      asked.map(({ method }) => method),
      ['GET', 'PATCH', 'GET'],
    );
  }).timeout(20_000);

  it('of an older journal waits until its Deployment is available', async () => {
    const status = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };
    server.deployment = JSON.stringify({ ...web, spec: { replicas: 2, template: {}, selector: {} }, status });
    const plan = { deployment: 'web', from: 2, to: 4, before: [], pending: false };
    const inject = { kind: 'inject', id: 'it', fault: 'scale', namespace: 'shop', deployment: 'web', plan };
    assert.equal(await healed({ ...inject, cluster: cluster() }), 1);
    assert.ok(server.asked.some(({ url }) => url === '/apis/apps/v1/namespaces/shop/deployments/web'));
  }).timeout(20_000);

  const refused: { readonly [what: string]: readonly [() => object, RegExp] } = {
    'a node in a namespace': [
      () => patch({ apiVersion: 'v1', kind: 'Node', name: 'n1' }, { path: ['spec', 'unschedulable'], after: true }),
      /only Deployments and StatefulSets may be patched/,
    ],
    'a RoleBinding': [() => patch({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' }), /only Deploy/],
    'a Secret': [() => patch({ apiVersion: 'v1', kind: 'Secret' }), /only Deployments and StatefulSets/],
    'a look-alike of a Deployment': [() => patch({ apiVersion: 'evil.example/v1' }), /only Deployments/],
    'kube-system': [() => patch({ namespace: 'kube-system' }), /kube-system belongs to Kubernetes/],
    'another field': [
      () => patch({}, { path: ['spec', 'template', 'spec', 'serviceAccountName'], before: 'admin', after: 'web' }),
      /serviceAccountName must not be changed/,
    ],
    'a whole container': [
      () => patch({}, { path: ['spec', 'template', 'spec', 'containers', { name: 'evil' }], before: {}, after: null }),
      /containers\.evil must not be changed/,
    ],
    'a prototype': [() => patch({}, { path: ['__proto__', 'polluted'], after: 'yes' }), /:2: not a line of a journal/],
    'a change of a lab': [
      () => ({ kind: 'namespace', namespace: 'holdfast-x' }),
      /a change of the lab, not of a cluster/,
    ],
  };
  for (const [what, [action, why]] of Object.entries(refused)) {
    it(`is refused before any request if the journal names ${what}`, async () => {
      await assert.rejects(healed(patch(), action()), why);
      assert.deepEqual(server.asked, []);
      assert.ok(!('polluted' in {}));
      assert.match(await readFile(healableContext('prod').journal, 'utf8'), /replicas/);
    });
  }

  it('is suggested as a command that is quoted for a shell', () => {
    assert.equal(healableContext('prod').healCommand, './holdfast heal --context prod --i-know-this-cluster');
    assert.equal(
      healableContext("x'; curl e|sh").healCommand,
      `./holdfast heal --context 'x'\\''; curl e|sh' --i-know-this-cluster`,
    );
  });
});
