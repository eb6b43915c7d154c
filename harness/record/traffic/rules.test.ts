import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../lab/lab.ts';
import { collectRules, linesOfServices, rulesCommand } from './rules.ts';

const stamp = '1795562791.934678 timeout[9893]:';

describe('the rules of the client’s node', () => {
  it('are kept with their chains, and nothing else is kept', () => {
    const kept = [
      `${stamp} \tchain KUBE-SERVICES {`,
      `${stamp} \t\tip daddr 10.96.0.7 ip protocol tcp  tcp dport 80 counter packets 9 bytes 540 jump KUBE-SVC-WEB`,
      `${stamp} \tchain KUBE-SVC-WEB {`,
      `${stamp} \t\t counter packets 0 bytes 0 jump KUBE-SEP-ONE`,
      `${stamp} \t}`,
      `${stamp} \tchain KUBE-SEP-ONE {`,
      `${stamp} \t\tip protocol tcp  meta l4proto tcp counter packets 0 bytes 0 dnat to 10.244.2.5:8080`,
      `${stamp} add rule ip nat KUBE-SERVICES ip daddr 10.96.0.7 ip protocol tcp  tcp dport 80 jump KUBE-SVC-WEB`,
      `${stamp} delete rule ip nat KUBE-SVC-WEB handle 12`,
      `${stamp} delete rule ip nat KUBE-SERVICES handle 205`,
    ];
    const others = [
      `${stamp} table ip nat {`,
      `${stamp} \tchain DOCKER_OUTPUT {`,
      `${stamp} add rule ip filter KUBE-FORWARD ct state related,established accept`,
      `${stamp} delete rule ip nat KUBE-MARK-MASQ handle 3`,
      '',
    ];
    assert.deepEqual(linesOfServices([...kept, ...others].join('\n'), 'iptables'), kept);
  });

  it('are kept in nftables mode with the table, its maps and the numbers of transactions', () => {
    const kept = [
      `${stamp} table ip kube-proxy {`,
      `${stamp} \tmap service-ips {`,
      `${stamp} \t\telements = { 10.96.0.20 . tcp . 80 : goto service-NLZ7VG5I-hf-test/web/tcp/,`,
      `${stamp} \t}`,
      `${stamp} }`,
      `${stamp} add chain ip kube-proxy service-NLZ7VG5I-hf-test/web/tcp/`,
      `${stamp} add rule ip kube-proxy service-NLZ7VG5I-hf-test/web/tcp/ meta l4proto tcp dnat to 10.244.4.5:8080`,
      `${stamp} delete element ip kube-proxy cluster-ips { 10.96.0.20 }`,
      `${stamp} # new generation 4 by process 5735 (nft)`,
    ];
    const others = [
      `${stamp} add rule ip filter KUBE-FORWARD ct state related,established accept`,
      `${stamp} add element ip6 kube-proxy cluster-ips { fd00::1 }`,
      `${stamp} # Warning: table ip nat is managed by iptables-nft, do not touch!`,
      '1795562791.934678 systemd[1]: Started holdfast-rules.service.',
      '',
    ];
    assert.deepEqual(linesOfServices([...kept, ...others].join('\n'), 'nftables'), kept);
  });

  it('are kept with the message that nft lost events, in each mode', () => {
    const lost = `${stamp} # ERROR: We lost some netlink events!`;
    for (const mode of ['iptables', 'nftables']) assert.deepEqual(linesOfServices(lost, mode), [lost]);
  });

  it('are written to the folder of the arm, one a line, as the journal has them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-rules-'));
    try {
      const lines = [`${stamp} \tchain KUBE-SERVICES {`, `${stamp} \tchain DOCKER_OUTPUT {`, `${stamp} \t}`];
      const onNode = async (_: string, [, option]: readonly string[]) => ({
        stdout: option === '--quiet' ? `${lines.join('\n')}\n` : '',
      });
      const lab = { onNode, info: { profile: { proxyMode: 'iptables' } } } as unknown as Lab;
      await collectRules(lab, { node: 'w1', since: 1e6, folder }, AbortSignal.timeout(5000));
      assert.equal(await readFile(join(folder, 'rules.log'), 'utf8'), `${lines[0]}\n${lines[2]}\n`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are listed and monitored in the table that kube-proxy uses in its mode', () => {
    const script = (mode: string) => rulesCommand(mode, 1500).join(' ');
    assert.match(script('iptables'), /^timeout 2 sh -c\s+nft monitor rules & .*nft list table ip nat\n/s);
    assert.match(script('nftables'), /^timeout 2 sh -c\s+nft monitor {2}& .*nft list table ip kube-proxy\n/s);
  });
});
