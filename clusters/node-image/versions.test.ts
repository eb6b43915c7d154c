import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goFolder } from './go-build.ts';
import { k6 } from './k6.ts';
import { k6Version, kubernetesMinor, kubernetesVersions } from './versions.ts';

describe('kubernetesMinor', () => {
  it('accepts a minor version and its own patch version', () => {
    for (const version of ['1.37', 'v1.37', 'v1.37.2', '1.37.2']) assert.equal(kubernetesMinor(version), '1.37');
  });

  it('lists the available versions if the requested one is missing', () => {
    for (const version of ['1.3', '1.37.1', '1.40', 'latest', '']) {
      assert.throws(() => kubernetesMinor(version), /Supported: v1\.37\.2/, version);
    }
  });

  it('has a Go module for each', () => {
    for (const minor of Object.keys(kubernetesVersions)) {
      assert.ok(existsSync(join(goFolder, `kubernetes-${minor}`, 'go.mod')), minor);
    }
  });
});

describe('k6Version', () => {
  it('is the version that is compiled', () => {
    const goMod = readFileSync(join(k6.files[0] ?? '', 'go.mod'), 'utf8');
    assert.equal(/^\s*go\.k6\.io\/k6 (\S+)$/m.exec(goMod)?.[1], k6Version);
  });
});
