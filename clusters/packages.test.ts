import assert from 'node:assert/strict';
import { installable, installCommand, packagesFor } from './packages.ts';

describe('packagesFor', () => {
  it("uses the client's own package if there is one", () => {
    assert.deepEqual(
      packagesFor(['docker', 'dockerd'], () => true),
      ['docker-cli', 'docker.io'],
    );
  });

  it('lists a package with several programs once', () => {
    assert.deepEqual(
      packagesFor(['docker', 'dockerd', 'ip'], (name) => name !== 'docker-cli'),
      ['docker.io', 'iproute2'],
    );
  });

  it('returns a name if there is no package list', () => {
    assert.deepEqual(
      packagesFor(['docker', 'mmdebstrap'], () => false),
      ['docker.io', 'mmdebstrap'],
    );
  });
});

describe('installable', () => {
  it('reads the output of apt-cache policy', () => {
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
  it('returns the command to type', () => {
    assert.equal(installCommand(['a', 'b']), 'sudo apt-get install --no-install-recommends a b');
  });
});
