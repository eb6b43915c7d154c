import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ClusterInfo } from '../../model/cluster.ts';
import { dependencySlow } from '../fault/dependency-slow.ts';
import type { LabContext } from '../fault/fault.ts';
import { FakeLab } from '../testing/lab.ts';
import { engineOf, type Lab } from './lab.ts';

const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];
const signal = new AbortController().signal;

describe('the engine acts on nodes', () => {
  let folder: string;
  let engine: Pick<Lab, 'onNode' | 'power'>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-lab-'));
    const docker = join(folder, 'docker');
    await writeFile(
      docker,
      `#!/bin/sh\necho "$*" >> ${folder}/asked\nif [ "$2" = --interactive ]; then cat; else echo running; fi\n`,
    );
    await chmod(docker, 0o755);
    engine = engineOf({
      name: 'lab',
      nodes: [
        { name: 'lab-control-plane', container: first },
        { name: 'lab-worker', container: second },
      ],
      engineEnv: { PATH: [folder, process.env.PATH].join(delimiter) },
    } as unknown as ClusterInfo);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const asked = () =>
    readFile(join(folder, 'asked'), 'utf8').then(
      (text) => text.trim().split('\n'),
      () => [],
    );

  it('by the ids of their containers, which no other container can have', async () => {
    await engine.onNode('lab-worker', ['ls'], { signal });
    const { stdout } = await engine.onNode('lab-control-plane', ['cat'], { signal, input: 'words' });
    assert.equal(stdout, 'words');
    await engine.power.kill('lab-worker', signal);
    assert.deepEqual(await asked(), [
      `exec ${second} ls`,
      `exec --interactive ${first} cat`,
      `inspect --type=container --format={{.State.Status}} ${second}`,
      `kill ${second}`,
    ]);
  });

  const strangers = ['somebodys-database', '--privileged', '', first, 'toString', '__proto__'];
  it('and not on containers that are not nodes of the cluster', async () => {
    for (const name of strangers) {
      await assert.rejects(engine.onNode(name, ['ls'], { signal }), /cluster lab has no node/, name);
      for (const act of ['kill', 'pause', 'start', 'state'] as const)
        await assert.rejects(async () => engine.power[act](name, signal), /cluster lab has no node/, name);
      await assert.rejects(engine.power.stop(name, 1, signal), /cluster lab has no node/, name);
    }
    assert.deepEqual(await asked(), []);
  });

  it('and not on a node that only a journal names', async () => {
    const lab = Object.assign(new FakeLab(folder, 'run'), engine);
    const metadata = { name: 'db-1', namespace: 'a' };
    const status = { podIP: '10.0.0.9', phase: 'Running' };
    lab.kube.objects.set('Pod/a/db-1', { apiVersion: 'v1', kind: 'Pod', metadata, ...{ status } });
    const record = () => undefined;
    const owner = { kind: 'Deployment', name: 'web' } as const;
    const names = { namespace: 'a', helpersNamespace: 'a-helpers', owner, id: 'it' };
    const context: LabContext = { lab, kube: lab.kube, ...names, signal, record };
    const planned = dependencySlow.fault.planned.parse({
      pods: [{ name: 'db-1', node: 'somebodys-database', ip: '10.0.0.9' }],
      delayMs: 100,
    });
    await assert.rejects(dependencySlow.fault.heal(context, planned), /has no node somebodys-database/);
    assert.deepEqual(await asked(), []);
  });
});
