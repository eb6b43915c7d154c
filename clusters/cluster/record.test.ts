import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineFolder, privateEngineEnv } from '../private-engine/engine-folder.ts';
import { existingCluster } from './existing.ts';
import { clusterNames, readCluster, writeCluster } from './record.ts';
import { checkClusterName, clusterFolder, evidenceFolder, kubeconfigFile, makeFolders } from './state.ts';
import { sampleRecord } from './testing/sample-record.ts';

describe('cluster state', () => {
  const before = process.env.XDG_STATE_HOME;
  let folder = '';
  const record = (name: string) => join(folder, 'holdfast/clusters', `${name}.json`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-state-'));
    process.env.XDG_STATE_HOME = folder;
  });

  afterEach(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string) => {
    mkdirSync(join(folder, 'holdfast/clusters'), { recursive: true });
    writeFileSync(record(name), text);
  };

  it('is empty at first', () => {
    assert.equal(readCluster('lab'), undefined);
    assert.deepEqual(clusterNames(), []);
  });

  it('lists recorded clusters', () => {
    write('two', '{"name":"two"}');
    write('one', '{"name":"one"}');
    assert.deepEqual(clusterNames(), ['one', 'two']);
  });

  it('reads its own records, also of a private engine and of an older holdfast', () => {
    const { network, ...rest } = sampleRecord('lab');
    const { id: _, ...older } = network;
    const own = privateEngineEnv(engineFolder());
    for (const info of [
      { network, ...rest },
      { ...rest, network: older },
      { ...rest, network, engineEnv: own },
    ]) {
      writeCluster(info);
      assert.deepEqual(readCluster('lab'), info);
    }
  });

  it('is hidden from other users', () => {
    writeCluster(sampleRecord('lab'));
    makeFolders('lab', ['lab-worker']);
    assert.equal(statSync(record('lab')).mode & 0o777, 0o600);
    const folders = [
      join(folder, 'holdfast'),
      join(folder, 'holdfast/clusters'),
      clusterFolder('lab'),
      evidenceFolder('lab'),
      evidenceFolder('lab', 'lab-worker'),
    ];
    for (const each of folders) assert.equal(statSync(each).mode & 0o7777, 0o700, each);
  });

  it('makes evidence folders of an older holdfast private', () => {
    mkdirSync(evidenceFolder('lab', 'lab-worker'), { recursive: true });
    makeFolders('lab', ['lab-worker']);
    assert.equal(statSync(evidenceFolder('lab', 'lab-worker')).mode & 0o7777, 0o700);
  });

  it('reports how to remove a damaged record', () => {
    write('lab', '{"name":');
    assert.throws(() => readCluster('lab'), /damaged .*not JSON.*cluster down --cluster lab/s);
  });

  describe('uses no command, path or address of a record', () => {
    const of = (changes: object) => write('lab', JSON.stringify({ ...sampleRecord('lab'), ...changes }));
    const refused = (changes: object, why: RegExp) => {
      of(changes);
      assert.throws(() => readCluster('lab'), why);
    };

    it('but computes where kubeconfig and evidence are', () => {
      const nodes = sampleRecord('lab').nodes.map((node) => ({ ...node, evidence: '/etc' }));
      of({ kubeconfig: '/tmp/evil', nodes });
      const info = readCluster('lab');
      assert.equal(info?.kubeconfig, kubeconfigFile('lab'));
      assert.deepEqual(
        info?.nodes.map(({ evidence }) => evidence),
        nodes.map(({ name }) => evidenceFolder('lab', name)),
      );
    });

    it('and no variables for the engine’s client', () =>
      refused({ engineEnv: { PATH: '/tmp/evil' } }, /damaged .*engineEnv/s));
    it('and no other engine', () =>
      refused({ engineEnv: { DOCKER_HOST: 'tcp://evil.invalid:2375' } }, /its engine is/));
    it('and no container name instead of its id', () => {
      const nodes = sampleRecord('lab').nodes.map((node) => ({ ...node, container: '--privileged' }));
      refused({ nodes }, /container/);
    });
    it('and no other cluster’s name', () => refused({ name: 'other' }, /it says "other" instead of "lab"/));
    it('and no character that changes the direction of text', () =>
      refused({ name: '\u202eexe.png' }, /it says "\\u202eexe\.png" instead of "lab"/));
    it('and no other bridge', () =>
      refused({ network: { ...sampleRecord('lab').network, bridge: 'eth0' } }, /it says "eth0"/));
    it('and no other network', () =>
      refused({ network: { ...sampleRecord('lab').network, name: 'bridge' } }, /it says "bridge"/));
    it('and no nodes that the cluster cannot have', () => {
      const [node] = sampleRecord('lab').nodes;
      refused({ nodes: [{ ...node, name: 'postgres' }] }, /instead of|other containers/);
    });
    it('and no text with escape sequences', () => {
      const { profile } = sampleRecord('lab');
      refused({ profile: { ...profile, kubernetes: '\u001b]0;PWN\u0007' } }, /profile.kubernetes/);
    });
    it('and no unknown fields', () => refused({ command: ['sh'] }, /damaged/));
    it('and no file behind a symbolic link', () => {
      writeFileSync(join(folder, 'elsewhere.json'), JSON.stringify(sampleRecord('lab')));
      mkdirSync(join(folder, 'holdfast/clusters'), { recursive: true });
      symlinkSync(join(folder, 'elsewhere.json'), record('lab'));
      assert.throws(() => readCluster('lab'), /a link, not a regular file/);
    });
  });

  it('refuses names that could lead out of the folder', () => {
    for (const name of ['../lab', 'Lab', '', 'lab-', 'a'.repeat(21), 'lab/x']) {
      assert.throws(() => checkClusterName(name), /not a valid name of a cluster/, name);
    }
    checkClusterName('lab-2');
  });

  it('lists the existing clusters if the requested one is missing', () => {
    write('one', '{"name":"one"}');
    assert.throws(() => existingCluster('lab'), /no cluster lab\. Existing clusters: one\./);
  });
});
