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
    const config = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'web', annotations: { 'example.com/team': 'a' } },
      data: { port: '80' },
    } as Manifest;
    const lastApplied = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
    const annotated = (annotations: { readonly [name: string]: string } | null): Manifest =>
      ({ ...config, metadata: { ...config.metadata, annotations } }) as Manifest;
    assert.deepEqual(recorded(annotated({ ...config.metadata.annotations, ...lastApplied })), config);
    assert.deepEqual(recorded(annotated(lastApplied)).metadata, { name: 'web' });
    for (const annotations of [null, {}]) assert.deepEqual(recorded(annotated(annotations)), annotated(annotations));
  });

  it('leave the objects as they are', () => {
    const object = secret({ data: { password: base64(password) } });
    const before = JSON.stringify(object);
    recorded(object);
    assert.equal(JSON.stringify(object), before);
  });
});
