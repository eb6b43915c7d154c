import assert from 'node:assert/strict';
import { engineFolder } from './engine-folder.ts';
import { daemonConfig, mountsBelow } from './private-engine.ts';

describe('daemonConfig', () => {
  const folder = engineFolder('/var/lib/holdfast/engine');

  it('keeps all data of an engine in its folder, without a bridge of its own', () => {
    const config = daemonConfig(folder, false);
    assert.equal(config.bridge, 'none');
    assert.deepEqual(config.hosts, ['unix:///var/lib/holdfast/engine/docker.sock']);
    for (const path of [config['data-root'], config['exec-root'], config.pidfile]) {
      assert.ok(path.startsWith('/var/lib/holdfast/engine/'), path);
    }
  });

  it('gives access only to root, not to the group docker', () =>
    assert.equal(daemonConfig(folder, false).group, 'root'));

  it('registers the runtime wrapper only if it is needed', () => {
    assert.equal(daemonConfig(folder, false)['default-runtime'], undefined);
    const config = daemonConfig(folder, true);
    assert.equal(config['default-runtime'], 'holdfast');
    assert.deepEqual(config.runtimes, { holdfast: { path: '/var/lib/holdfast/engine/oci-runtime.sh' } });
  });
});

describe('mountsBelow', () => {
  it('lists the innermost first, and ignores mounts with a similar path', () => {
    const mountinfo = [
      '22 1 254:0 / / rw - ext4 /dev/vda rw',
      '30 22 0:40 / /e/exec/netns rw - tmpfs tmpfs rw',
      '31 30 0:4 net:[1] /e/exec/netns/default rw - nsfs nsfs rw',
      '32 22 0:41 / /e/executive rw - tmpfs tmpfs rw',
    ].join('\n');
    assert.deepEqual(mountsBelow('/e/exec', mountinfo), ['/e/exec/netns/default', '/e/exec/netns']);
  });
});
