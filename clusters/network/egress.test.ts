import assert from 'node:assert/strict';
import { closeEgress, egressCounters, openEgress } from './egress.ts';
import type { Host } from './host.ts';

const network = { name: 'holdfast', subnet: '10.213.4.0/24', bridge: 'holdfast0' };

/** A simulated host whose iptables-legacy has the chain DOCKER-USER, and which keeps new rules. */
class FakeHost implements Host {
  readonly rules: { table: string; chain: string; spec: string; packets: number }[] = [];
  async run(program: string, args: readonly string[], input = ''): Promise<string> {
    if (!program.startsWith('iptables-legacy')) throw new Error('No chain/target/match by that name.');
    if (program.endsWith('-save')) return this.saved(args.at(-1) ?? '');
    if (args.includes('-S')) return '-N DOCKER\n-N DOCKER-USER\n-A FORWARD -j DOCKER-USER\n';
    if (program.endsWith('-restore')) this.restore(input);
    return '';
  }
  private saved(table: string) {
    const lines = this.rules.filter((rule) => rule.table === table);
    return [
      `*${table}`,
      ...lines.map(({ chain, spec, packets }) => `[${packets}:60] -A ${chain} ${spec}`),
      'COMMIT',
    ].join('\n');
  }
  private restore(input: string) {
    let table = '';
    for (const line of input.split('\n')) {
      if (line.startsWith('*')) table = line.slice(1);
      const [, action, chain = '', spec = ''] = /^-(I|D) (\S+) (.*)$/.exec(line) ?? [];
      if (action === 'I') this.rules.unshift({ table, chain, spec, packets: 0 });
      if (action === 'D')
        this.rules.splice(
          this.rules.findIndex((rule) => rule.spec === spec && rule.chain === chain),
          1,
        );
    }
  }
}

const foreign = {
  table: 'filter',
  chain: 'DOCKER-USER',
  spec: '-m comment --comment "holdfast:holdfast-2" -j REJECT',
  packets: 3,
};

describe('closeEgress', () => {
  it('rejects by interface, marks and counts, in the iptables variant of the engine', async () => {
    const host = new FakeHost();
    await closeEgress(host, network);
    assert.deepEqual(host.rules.map(({ table, chain }) => `${table}/${chain}`).sort(), [
      'filter/DOCKER-USER',
      'mangle/FORWARD',
      'mangle/POSTROUTING',
    ]);
    const rejecting = host.rules.find(({ chain }) => chain === 'DOCKER-USER')?.spec ?? '';
    assert.match(rejecting, /^-i holdfast0 ! -o holdfast0 .*! --ctstate RELATED,ESTABLISHED .*-j REJECT$/);
    const mark = /--set-xmark (0x[0-9a-f]+)/.exec(host.rules.find(({ chain }) => chain === 'FORWARD')?.spec ?? '')?.[1];
    assert.equal(mark, '0x480ad504');
    assert.ok(host.rules.find(({ chain }) => chain === 'POSTROUTING')?.spec.includes(`--mark ${mark} `));
  });

  it('adds only missing rules, and keeps the counters', async () => {
    const host = new FakeHost();
    await closeEgress(host, network);
    for (const rule of host.rules) rule.packets = rule.chain === 'POSTROUTING' ? 0 : 7;
    host.rules.splice(
      host.rules.findIndex(({ chain }) => chain === 'FORWARD'),
      1,
    );
    await closeEgress(host, network);
    assert.equal(host.rules.length, 3);
    assert.deepEqual(await egressCounters(host, network), { rejected: 7, left: 0 });
  });
});

describe('openEgress', () => {
  it("removes this network's rules and no others", async () => {
    const host = new FakeHost();
    host.rules.push(foreign);
    await closeEgress(host, network);
    await openEgress(host, network);
    assert.deepEqual(host.rules, [foreign]);
    await assert.rejects(egressCounters(host, network), /is not blocked/);
  });
});

describe('closeEgress on a host whose engine does not filter packets', () => {
  it('throws, because no rule would block anything', async () => {
    const host: Host = { run: async () => '-P FORWARD ACCEPT\n' };
    await assert.rejects(closeEgress(host, network), /--iptables=false/);
  });
});
