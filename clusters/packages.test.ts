import assert from 'node:assert/strict';
import { installable, installCommand, packagesFor } from './packages.ts';

describe('packagesFor', () => {
  it("takes the client's own package where there is one", () => {
    assert.deepEqual(
      packagesFor(['docker', 'dockerd'], () => true),
      ['docker-cli', 'docker.io'],
    );
  });

  it('names a package once that holds several programs', () => {
    assert.deepEqual(
      packagesFor(['docker', 'dockerd', 'ip'], (name) => name !== 'docker-cli'),
      ['docker.io', 'iproute2'],
    );
  });

  it('still has a name where no package list does', () => {
    assert.deepEqual(
      packagesFor(['docker', 'mmdebstrap'], () => false),
      ['docker.io', 'mmdebstrap'],
    );
  });
});

describe('installable', () => {
  it('reads apt-cache policy', () => {
    const policy = `docker.io:
  Installed: 20.10.24+dfsg1-1
  Candidate: 20.10.24+dfsg1-1
  Version table:
 *** 20.10.24+dfsg1-1 500
docker-cli:
  Installed: (none)
  Candidate: (none)
  Version table:
mmdebstrap:
  Installed: (none)
  Candidate: 1.3.5-7
`;
    assert.deepEqual(installable(policy), new Set(['docker.io', 'mmdebstrap']));
  });
});

describe('installCommand', () => {
  it('is what a person types', () => {
    assert.equal(installCommand(['a', 'b']), 'sudo apt-get install --no-install-recommends a b');
  });
});
