import assert from 'node:assert/strict';
import { shellFor } from '../docker/docker.ts';
import { importHostPrograms } from '../engine/testing/host-programs-image.ts';
import { SecondEngine } from '../engine/testing/second-engine.ts';
import { closeEgress, egressCounters, openEgress } from './egress.ts';
import { ensureNetwork, type LabNetwork, removeNetwork } from './network.ts';

describe('outgoing traffic', function () {
  this.timeout(120_000);
  const image = 'holdfast-test/tools:1';
  let engine: SecondEngine;
  let network: LabNetwork;

  const $ = () => shellFor(engine.env)({ nothrow: true });
  const inNode = (node: string, program: string, ...args: string[]) => $()`docker exec ${node} ${program} ${args}`;
  /** The number of packets sent: the tenth number of an interface in /proc/net/dev. */
  const onUplink = async () => {
    const devices = await engine.host.run('cat', ['/proc/net/dev']);
    return Number(/uplink0:\s*(?:\d+\s+){9}(\d+)/.exec(devices)?.[1]);
  };
  const node = (name: string, ...options: string[]) =>
    $()`docker run --detach --privileged --stop-timeout 1 --network ${network.name} --name ${name} ${options} ${image} sleep 1000`;

  before(async () => {
    engine = await SecondEngine.prepare();
    const { host } = engine;
    await host.run('sysctl', ['-w', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1']);
    await host.run('ip', ['link', 'set', 'lo', 'up']);
    await host.run('ip', ['link', 'add', 'uplink0', 'type', 'veth', 'peer', 'name', 'uplink1']);
    await host.run('ip', ['address', 'add', '198.51.100.2/24', 'dev', 'uplink0']);
    for (const link of ['uplink0', 'uplink1']) await host.run('ip', ['link', 'set', link, 'up']);
    await host.run('ip', ['route', 'add', 'default', 'via', '198.51.100.1']);
    await host.run('ip', ['neighbour', 'add', '198.51.100.1', 'lladdr', '02:00:00:00:00:01', 'dev', 'uplink0']);

    await engine.start();
    await importHostPrograms(engine.env, image, ['sleep', 'getent', 'curl', 'sh']);
    network = await ensureNetwork(engine, 'test', { owner: '0'.repeat(32), ids: new Set() });
    await closeEgress(host, network);
    await node('one');
    await node('two');
    await node('three', '--dns', '198.51.100.53');
  });
  after(() => engine[Symbol.asyncDispose]());

  const tryToLeave = async () => {
    for (const name of ['one', 'three']) await inNode(name, 'getent', 'hosts', 'example.com');
    await inNode('one', 'curl', '--max-time', '2', 'http://203.0.113.7/');
  };

  it('is blocked: connections and lookups send no packet to the uplink', async () => {
    await tryToLeave();
    assert.equal(await onUplink(), 0);
    const { rejected, left } = await egressCounters(engine.host, network);
    assert.ok(rejected > 0);
    assert.equal(left, 0);
  });

  it('is allowed between nodes, by name', async () => {
    for (const [from, to] of [
      ['one', 'two'],
      ['three', 'one'],
    ] as const) {
      assert.match((await inNode(from, 'getent', 'hosts', to)).stdout, new RegExp(` ${to}$`, 'm'));
    }
    const refused = await inNode('one', 'curl', '--max-time', '2', 'http://two:1/');
    assert.equal(refused.exitCode, 7, 'the other node itself refuses');
  });

  it('is blocked only by these rules: without them, packets leave', async () => {
    await openEgress(engine.host, network);
    await tryToLeave();
    assert.ok((await onUplink()) > 0);
    await closeEgress(engine.host, network);
  });

  it('is blocked again after the engine restarted without its rules', async () => {
    await engine.stop();
    await engine.start();
    await closeEgress(engine.host, network);
    await $()`docker start one three`;
    const before = await onUplink();
    await tryToLeave();
    assert.equal(await onUplink(), before);
    assert.ok((await egressCounters(engine.host, network)).rejected > 0);
  });

  it('has no rules after its network was removed', async () => {
    await $()`docker rm --force one two three`;
    await removeNetwork(engine, engine.host, 'test', network);
    assert.doesNotMatch(await engine.host.run('iptables-save', []), /holdfast|hf-/);
    assert.doesNotMatch(await engine.host.run('ip', ['-brief', 'link']), /hf-/);
  });
});
