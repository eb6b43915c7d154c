import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Manifest } from './manifest.ts';
import { recordedObjects } from './recorded-objects.ts';
import type { Json } from './units.ts';

const password = 'correct horse battery staple: ÿ';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;

const secret = (fields: { readonly [field: string]: Json }): Manifest =>
  ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'database', labels: { app: 'web' } }, ...fields }) as Manifest;

const recorded = (object: Manifest): Manifest => {
  const [one, ...others] = recordedObjects([object]);
  assert.ok(one && others.length === 0);
  return one;
};

/** Asserts that the password is not in the JSON, neither as it is nor in an encoding. */
function assertHidden(object: Manifest): void {
  const json = JSON.stringify(recorded(object));
  const inJson = JSON.stringify(password).slice(1, -1);
  const base64url = Buffer.from(password).toString('base64url');
  for (const form of [
    password,
    inJson,
    base64(password),
    base64url,
    Buffer.from(password).toString('hex'),
    encodeURIComponent(password),
  ])
    assert.ok(!json.includes(form), `${form} in ${json}`);
}

describe('recorded objects', () => {
  it('hold no value of a Secret, in no encoding', () => {
    const applied = { 'kubectl.kubernetes.io/last-applied-configuration': `{"stringData":{"password":"${password}"}}` };
    const appliedInBase64 = {
      'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"a":"${base64(password)}"}}`,
    };
    const named = (annotations: { readonly [name: string]: string }): Manifest =>
      ({ ...secret({}), metadata: { name: 'database', annotations } }) as Manifest;
    for (const object of [
      secret({ data: { password: base64(password) } }),
      secret({ data: { password: base64(password).replace(/(.{10})/g, '$1\n') } }),
      secret({ stringData: { password } }),
      secret({ stringData: password }),
      secret({ data: [base64(password)] }),
      secret({ stringData: { password: { nested: password } } }),
      secret({ stringdata: { password }, Data: { password: base64(password) } }),
      named(applied),
      named(appliedInBase64),
    ])
      assertHidden(object);
  });

  it('have the digest of the decoded value, by which equal values are recognised', () => {
    const { data, stringData } = recorded(
      secret({ data: { a: base64(password), b: base64(`${password}\n`) }, stringData: { a: password, empty: '' } }),
    );
    assert.deepEqual(data, { a: digest(password), b: digest(`${password}\n`) });
    assert.deepEqual(stringData, { a: digest(password), empty: digest('') });
  });

  it('keep what else a Secret says', () => {
    const object = secret({ type: 'kubernetes.io/tls', immutable: true, data: {} });
    assert.deepEqual(recorded(object), object);
  });

  it('keep other objects, without the annotation of kubectl apply', () => {
    const config: Manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { port: '80' } };
    const annotated = (annotations: Json): Manifest => ({ ...config, metadata: { name: 'web', annotations } });
    const lastApplied = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    assert.deepEqual(recorded(config), config);
    assert.deepEqual(
      recorded(annotated({ 'example.com/team': 'a', ...lastApplied })),
      annotated({ 'example.com/team': digest('a') }),
    );
    assert.deepEqual(recorded(annotated(lastApplied)), config);
    for (const annotations of [null, {}]) assert.deepEqual(recorded(annotated(annotations)), annotated(annotations));
  });

  const workload = (container: Json, annotations: Json = {}, list = 'containers'): Manifest => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { metadata: { annotations }, spec: { [list]: [container] } } },
  });

  it('hold no value that is passed to a program, in any kind of container', () => {
    for (const object of [
      workload({ name: 'server', env: [{ name: 'TOKEN', value: password }] }),
      workload({ name: 'server', env: [{ name: 'TOKEN', value: { nested: password } }] }),
      workload({ name: 'server', env: password }),
      workload({ name: 'server', env: [password] }),
      workload({ name: 'server', args: [`--password=${password}`] }),
      workload({ name: 'server', args: password }),
      workload({ name: 'server', command: ['sh', '-c', `run ${password}`] }),
      workload({ name: 'server', env: [{ name: 'TOKEN', value: password }] }, {}, 'initContainers'),
      workload(password),
      workload({ name: 'server' }, { 'vault/token': password }),
      workload({ name: 'server' }, password),
    ])
      assertHidden(object);
  });

  it('keep everything else of a container, and the names of its variables', () => {
    const probe = { exec: { command: ['cat', '/ready'] } };
    const hook = { preStop: { exec: { command: ['sleep', '5'] } } };
    const valueFrom = { secretKeyRef: { name: 'database', key: 'password' } };
    const container = { name: 'server', image: 'web', readinessProbe: probe, lifecycle: hook };
    const variables = [{ name: 'TOKEN', valueFrom }, { name: 'EMPTY' }];
    assert.deepEqual(
      recorded(workload({ ...container, env: [...variables, { name: 'PORT', value: '80' }], args: ['--port', '80'] })),
      workload({
        ...container,
        env: [...variables, { name: 'PORT', value: digest('80') }],
        args: [digest('--port'), digest('80')],
      }),
    );
  });

  it('leave the objects as they are', () => {
    const object = secret({ data: { password: base64(password) } });
    const before = JSON.stringify(object);
    recorded(object);
    assert.equal(JSON.stringify(object), before);
  });
});
