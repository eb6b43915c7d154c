import assert from 'node:assert/strict';
import { childEnvironment } from './environment.ts';

describe('childEnvironment', () => {
  it('passes on paths, the engine and the proxy', () => {
    const own = { PATH: '/bin', LC_ALL: 'C', XDG_CACHE_HOME: '/c', DOCKER_HOST: 'unix:///s', https_proxy: 'http://p' };
    assert.deepEqual(childEnvironment({ ...own, HOLDFAST_RUNS: '/r', TZ: undefined }), { ...own, HOLDFAST_RUNS: '/r' });
  });

  it('passes on no folder of npm packages in the PATH, and none that depends on the current folder', () => {
    const folders = [
      '/a/node_modules/.bin',
      '/usr/bin',
      '',
      '.',
      'bin',
      '/node_modules',
      '/opt/node_modules.d',
      '/bin',
    ];
    assert.deepEqual(childEnvironment({ PATH: folders.join(':') }), { PATH: '/usr/bin:/opt/node_modules.d:/bin' });
  });

  it('passes on no token, and nothing that changes what a program does', () => {
    const names = ['GITHUB_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'NPM_TOKEN', 'VAULT_TOKEN', 'KUBECONFIG'];
    const switches = ['NODE_OPTIONS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'GOFLAGS', 'GODEBUG', 'LD_PRELOAD', 'BASH_ENV'];
    const own = Object.fromEntries([...names, ...switches, 'TAR_OPTIONS', 'ZSTD_CLEVEL'].map((name) => [name, 'x']));
    assert.deepEqual(childEnvironment(own), {});
  });
});
