import assert from 'node:assert/strict';
import type { Operation } from '../../sys/kube.ts';
import { isAllowedOperation } from './allowed.ts';

const adds = (path: string, value: unknown): boolean => isAllowedOperation({ op: 'add', path, value } as Operation);

describe('an operation on a cluster that holdfast did not create', () => {
  it('may add an empty map or list only if its items are allowed fields', () => {
    assert.ok(adds('/spec/template/metadata/annotations', {}));
    assert.ok(adds('/spec/template/spec/containers/0/env', []));
    assert.ok(!adds('/spec/template/metadata/annotations', { a: 'b' }));
    // An addition to a map that exists replaces it.
    for (const path of ['/spec', '/spec/template', '/spec/template/metadata', '/spec/template/spec/containers'])
      assert.ok(!adds(path, {}), path);
  });

  it('may change allowed fields, and nothing around them or with the keys of a prototype', () => {
    assert.ok(adds('/spec/replicas', 3));
    assert.ok(adds('/spec/template/spec/containers/0/image', 'web:2'));
    assert.ok(!adds('/spec/template/spec/containers/0/securityContext', {}));
    assert.ok(!adds('/spec/template/metadata/annotations/__proto__', 'x'));
    assert.ok(
      !isAllowedOperation({ op: 'move', path: '/spec/replicas', from: '/spec/paused' } as unknown as Operation),
    );
  });
});
