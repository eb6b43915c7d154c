import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findGo, isNewEnough } from '../node-image/go.ts';
import { judgeGo } from './go.ts';

const path = '/usr/local/go/bin/go';
const [old, current] = [
  { path: '/usr/bin/go', version: 'go1.19.8' },
  { path, version: 'go1.26.8' },
];

describe('the Go that compiles the lab', () => {
  it('is named with its path, its version and what it compiles', () => {
    const line = judgeGo(current, ['kind', 'etcd']);
    assert.deepEqual(line, { name: 'Go', state: 'ok', detail: `go1.26.8 at ${path} compiles kind, etcd` });
  });

  it('is needed for kind and k6 by every lab', () => {
    for (const found of [undefined, old])
      for (const program of ['kind', 'k6']) assert.equal(judgeGo(found, [program]).state, 'missing');
    assert.match(
      judgeGo(old, ['kind']).detail,
      /^go1\.19\.8 at \/usr\/bin\/go; 1\.26 or newer is needed to compile kind /,
    );
    assert.match(judgeGo(undefined, ['k6']).detail, /^none; .*\.\/holdfast lab import FILE$/);
  });

  it('is needed for the node image only if that is built', () => {
    const line = judgeGo(old, ['etcd', 'coredns']);
    assert.equal(line.state, 'fixable');
    assert.equal(line.fix, './holdfast cluster up --image stock');
  });

  it('is not needed if everything is built', () => {
    assert.equal(judgeGo(undefined, []).state, 'ok');
    assert.match(judgeGo(old, []).detail, /^go1\.19\.8 at \/usr\/bin\/go; not needed/);
  });

  it('is new enough from 1.26 on', () => {
    const isEnough = (version: string) => isNewEnough({ path, version });
    assert.deepEqual(['go1.26', 'go1.26.8', 'go1.30rc1', 'go2.0'].filter(isEnough).length, 4);
    assert.deepEqual(['go1.19.8', 'go1.25.9', 'devel go1.27-abc', ''].filter(isEnough), []);
  });

  it('is the first on the path, and none if it does not run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-go-'));
    const go = (script: string) => writeFileSync(join(folder, 'go'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    try {
      assert.equal(await findGo(folder), undefined);
      go('echo "$GOTOOLCHAIN $1 $2"');
      assert.deepEqual(await findGo(folder), { path: join(folder, 'go'), version: 'local env GOVERSION' });
      go('exit 1');
      assert.equal(await findGo(folder), undefined);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
