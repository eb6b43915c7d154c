import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { ownerId, ownerLabel } from '../engine/owner.ts';
import { FakeEngine } from '../engine/testing/fake-engine.ts';
import { bridgeName, networkName } from '../network/network.ts';
import { NotOurs } from './ours.ts';
import { readCluster, writeCluster } from './record.ts';
import { removeCluster } from './remove.ts';
import { clusterFolder, makeFolders } from './state.ts';
import { sampleId, sampleRecord } from './testing/sample-record.ts';

const cluster = 'sectest';
const network = networkName(cluster);
const bridge = bridgeName(network);
const kindLabel = { 'io.x-k8s.kind.cluster': cluster };
const clusterLabel = { 'io.holdfast.cluster': cluster };
const another = { [ownerLabel]: '0'.repeat(32) };

describe('removing a cluster', function () {
  // Each call of docker is a separate process.
  this.timeout(30_000);

  const before = process.env.XDG_STATE_HOME;
  let home: string;
  let engine: FakeEngine & Engine;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'holdfast-ours-'));
    process.env.XDG_STATE_HOME = home;
    const facts = { own: false, version: '27.0', cgroupVersion: '2', description: 'fake' } as const;
    engine = Object.assign(new FakeEngine(), facts);
  });

  afterEach(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    engine[Symbol.dispose]();
    rmSync(home, { recursive: true });
  });

  const nodeIds = [sampleId('a', 0), sampleId('a', 1)];
  const networkId = sampleId('b', 0);
  const ours = () => ({ [ownerLabel]: ownerId() });
  const nodes = (labels: object, networks: { readonly [name: string]: string } = { [network]: networkId }) => {
    const names = [`${cluster}-control-plane`, `${cluster}-worker`];
    for (const [index, name] of names.entries())
      engine.add({ id: nodeIds[index] ?? '', name, labels: { ...kindLabel, ...labels }, networks });
  };
  const labNetwork = (labels: object) =>
    engine.addNetwork({ id: networkId, name: network, labels: { ...clusterLabel, ...labels }, bridge });
  const removals = () => engine.log().filter((line) => /^docker (network )?rm |delete/.test(line));

  async function refused(...words: RegExp[]): Promise<void> {
    await assert.rejects(removeCluster(engine, cluster), (error) => {
      assert.ok(error instanceof NotOurs, String(error));
      for (const each of words) assert.match(error.message, each);
      return true;
    });
    assert.deepEqual(removals(), []);
  }

  it('removes everything with our owner label, by ids, without a record', async () => {
    nodes(ours());
    labNetwork(ours());
    await removeCluster(engine, cluster);
    assert.deepEqual(removals(), [
      `docker rm --force --volumes ${nodeIds.join(' ')}`,
      `docker network rm ${networkId}`,
    ]);
    assert.deepEqual([engine.containers(), engine.networks()], [[], []]);
  });

  it('removes recorded containers of an older holdfast without an owner label', async () => {
    const { id: _, ...older } = sampleRecord(cluster).network;
    writeCluster({ ...sampleRecord(cluster), network: older });
    makeFolders(cluster, [`${cluster}-worker`]);
    nodes({});
    labNetwork({});
    await removeCluster(engine, cluster);
    assert.deepEqual([engine.containers(), engine.networks()], [[], []]);
    assert.equal(readCluster(cluster), undefined);
    assert.ok(!existsSync(clusterFolder(cluster)));
  });

  it('has no effect the second time', async () => {
    nodes(ours());
    labNetwork(ours());
    await removeCluster(engine, cluster);
    await removeCluster(engine, cluster);
  });

  describe('refuses, names it and removes nothing', () => {
    it('if another owner made it, on a network of our name', async () => {
      ownerId();
      nodes(another);
      labNetwork(another);
      await refused(
        /sectest-control-plane \(a00000000000, owner 0{32}\), sectest-worker \(/,
        /network holdfast-sectest \(b00000000000, owner 0{32}\)/,
        /docker rm --force --volumes a00000000000 a00000000000; docker network rm b00000000000/,
      );
    });

    it('if it has no owner, is on our network, and no record shows that it is ours', async () => {
      nodes({});
      labNetwork({});
      await refused(/sectest-worker \(a00000000000, without an owner\)/, /cluster down/, /--cluster/);
    });

    it('if it is on no network at all', async () => {
      nodes({}, {});
      await refused(/sectest-control-plane/);
    });

    it('if it is on kind’s network', async () => {
      nodes({}, { kind: sampleId('f', 0) });
      await refused(/sectest-control-plane/);
    });

    it('if only one of its containers is not ours', async () => {
      nodes(ours());
      engine.add({ id: sampleId('9', 0), name: `${cluster}-worker2`, labels: { ...kindLabel, ...another } });
      await refused(/: sectest-worker2 \(/);
    });

    it('if only its network is not ours', async () => {
      nodes(ours());
      labNetwork(another);
      await refused(/: network holdfast-sectest \(/);
    });

    it('if containers took the names of those that are recorded', async () => {
      writeCluster({
        ...sampleRecord(cluster),
        nodes: sampleRecord(cluster).nodes.map((node, index) => ({ ...node, container: sampleId('7', index) })),
        identity: { ...sampleRecord(cluster).identity, containers: [sampleId('7', 0), sampleId('7', 1)] },
      });
      nodes({});
      await refused(/sectest-control-plane/);
      assert.ok(readCluster(cluster));
    });

    it('if the record that says so is damaged', async () => {
      writeCluster(sampleRecord(cluster));
      writeFileSync(join(home, 'holdfast/clusters', `${cluster}.json`), '{"name":');
      nodes({});
      await refused(/without an owner/);
    });

    it('if escapes are in its names and labels, which are not printed', async () => {
      nodes({ [ownerLabel]: '\u001b]0;PWN\u0007' });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for these characters
      await refused(/^[^\x00-\x09\x0b-\x1f]+$/);
    });
  });

  if (process.getuid?.() === 0) {
    describe('and the bridge on the host', () => {
      const bridgeIsThere = (ports: readonly string[] = []) => engine.hostHas({ bridges: ['docker0', bridge], ports });
      const deleted = () => engine.log().includes(`ip link delete ${bridge}`);

      it('is removed after its network if the engine left it', async () => {
        labNetwork(ours());
        bridgeIsThere();
        await removeCluster(engine, cluster);
        assert.ok(deleted());
      });

      it('is removed if our record proves that it is ours and the engine lost the network', async () => {
        writeCluster(sampleRecord(cluster));
        bridgeIsThere();
        await removeCluster(engine, cluster);
        assert.ok(deleted());
      });

      it('is kept if nothing proves that it is ours', async () => {
        bridgeIsThere();
        await removeCluster(engine, cluster);
        assert.ok(!deleted());
      });

      it('is kept if containers of another engine use it', async () => {
        writeCluster(sampleRecord(cluster));
        bridgeIsThere(['veth1']);
        await removeCluster(engine, cluster);
        assert.ok(!deleted());
      });
    });
  }
});
