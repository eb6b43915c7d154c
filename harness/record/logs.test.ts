import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectLogs } from './logs.ts';
import { FakeLab } from './testing/lab.ts';

describe('the logs of pods and nodes', () => {
  let folder: string;
  let lab: FakeLab;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-logs-'));
    lab = new FakeLab(folder, 'run');
    lab.kube.logs = async () => 'said';
  });
  afterEach(() => rm(folder, { recursive: true }));

  const pod = (name: string, namespace = 'a') =>
    lab.kube.objects.set(`Pod/${namespace}/${name}`, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } });
  const collect = () =>
    collectLogs(lab, ['a', 'a-helpers'], { folder, sinceMs: 1000, signal: new AbortController().signal });

  it('are readable only by their owner', async () => {
    pod('web-1');
    await collect();
    assert.deepEqual((await readdir(join(folder, 'logs'))).sort(), ['lab-control-plane.log', 'web-1.log']);
    assert.equal(statSync(join(folder, 'logs', 'web-1.log')).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, 'logs')).mode & 0o777, 0o700);
  });

  it('are of the pods in all namespaces of the arm, and of no other pods', async () => {
    const asked: string[] = [];
    lab.kube.logs = async (namespace, name) => {
      asked.push(`${namespace}/${name}`);
      return 'said';
    };
    pod('web-1');
    pod('generator-fresh', 'a-helpers');
    pod('web-1', 'b');
    await collect();
    assert.deepEqual(asked, ['a/web-1', 'a-helpers/generator-fresh']);
    assert.ok((await readdir(join(folder, 'logs'))).includes('generator-fresh.log'));
  });

  it('are named after pods and nodes only', async () => {
    for (const name of ['../../escaped', '/etc/passwd', '.hidden', 'a\nb', '', 'x'.repeat(300)]) pod(name);
    await collect();
    assert.deepEqual(await readdir(join(folder, 'logs')), ['lab-control-plane.log']);
  });

  it('keep the last 5 MB of the log of a node', async () => {
    lab.onNode = async (node, command) => {
      lab.commands.push(`${node}: ${command.join(' ')}`);
      return { stdout: `${'x'.repeat(6_000_000)}end`, stderr: '', exitCode: 0 };
    };
    await collect();
    const kept = readFileSync(join(folder, 'logs', 'lab-control-plane.log'), 'utf8');
    assert.equal(kept.length, 5_000_000);
    assert.ok(kept.endsWith('end'));
    assert.match(lab.commands.join(), /journalctl .*--lines=20000/);
  });
});
