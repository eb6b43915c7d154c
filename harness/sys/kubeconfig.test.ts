import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UsageError } from '../model/usage-error.ts';
import { connectContext } from './kube.ts';
import { authority, kubeconfigOf } from './testing/kubeconfig.ts';

describe('a context of the user’s kubeconfig', () => {
  let folder: string;
  const environment = { KUBECONFIG: process.env.KUBECONFIG, HOME: process.env.HOME };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-kubeconfig-'));
    process.env.HOME = folder;
    delete process.env.KUBECONFIG;
  });
  afterEach(async () => {
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true });
  });

  const file = (name: string) => join(folder, name);
  const useFiles = (...names: string[]) => {
    process.env.KUBECONFIG = names.map(file).join(delimiter);
  };
  const server = (byte: number) => `https://10.0.0.${byte}:6443`;

  it('is found in any of several files, and the first file with the name is used', async () => {
    await writeFile(file('a'), kubeconfigOf('a', { server: server(1), ca: authority(0) }));
    const mine = kubeconfigOf('a', { server: server(9), ca: authority(2) });
    await writeFile(file('b'), kubeconfigOf('b', { server: server(2), ca: authority(1) }));
    await writeFile(file('c'), mine);
    useFiles('a', 'absent', 'b', 'c');
    assert.equal((await connectContext('a')).server, server(1));
    const b = await connectContext('b');
    assert.equal(b.server, server(2));
    assert.equal(b.caCertificate, authority(1));
    assert.equal(await readFile(file('c'), 'utf8'), mine);
  });

  it('is never the current context if another one is named', async () => {
    await writeFile(file('a'), kubeconfigOf('a', { server: server(1), ca: authority(0) }));
    useFiles('a');
    await assert.rejects(connectContext('prod'), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /no context prod\. It has: a$/);
      return true;
    });
  });

  it('reads its authority also from a file, like the client', async () => {
    await writeFile(file('ca.pem'), authority(3));
    await writeFile(
      file('a'),
      kubeconfigOf('a', { server: server(1), ca: authority(0), 'certificate-authority': 'ca.pem' }),
    );
    useFiles('a');
    assert.equal((await connectContext('a')).caCertificate, authority(3));
  });

  it('causes a clear error if there is no file, or one that cannot be read', async () => {
    await assert.rejects(connectContext('a'), /there is no kubeconfig: .*\.kube\/config/);
    await writeFile(file('a'), 'clusters: [');
    useFiles('a');
    await assert.rejects(
      connectContext('a'),
      (error) => error instanceof UsageError && error.message.includes(file('a')),
    );
  });

  it('causes a clear error if its cluster or its user is missing', async () => {
    const whole = kubeconfigOf('a', { server: server(1), ca: authority(0) });
    await writeFile(file('a'), whole.replace('cluster: a', 'cluster: gone'));
    useFiles('a');
    await assert.rejects(connectContext('a'), /cluster gone, which your kubeconfig does not define/);
    await writeFile(file('a'), whole.replace('user: a', 'user: gone'));
    await assert.rejects(connectContext('a'), /user gone, which your kubeconfig does not define/);
  });
});
