import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseRuleLine } from '../../recording/rules.ts';
import { ClientRules } from './client-rules.ts';

/**
 * nft’s output on a real node in this mode of kube-proxy, for the same changes of the same Service, recorded by
 * `bench/kube-proxy-rules.ts`.
 */
const recorded = (mode: string): string[] =>
  readFileSync(new URL(`../../recording/testing/kube-proxy-${mode}.log`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

/** The Service’s rules after some lines, and how many of these lines were damaged. */
function rulesOf(lines: readonly string[], mode: string, clusterIp = '10.96.0.20') {
  const rules = new ClientRules(clusterIp, mode);
  let damaged = 0;
  for (const line of lines) {
    const parsed = parseRuleLine(line, mode);
    if (parsed === undefined) damaged += 1;
    else if (parsed !== 'other') rules.see(parsed);
  }
  return { rules, damaged };
}

const endpointsOf = (rules: ClientRules): string[] =>
  rules.sets().map(({ endpoints }) => [...endpoints].sort().join(' '));

const all = recorded('nftables');
const momentOf = (line = ''): number => Number(line.slice(0, 17).replace('.', ''));
const lineWith = (text: string): number => all.findIndex((line) => line.includes(text));

describe('rules in nftables mode', () => {
  const { rules } = rulesOf(all, 'nftables');

  it('lead to the listed endpoints, then to those of each transaction', () => {
    assert.deepEqual(endpointsOf(rules), [
      '10.244.4.5 10.244.5.5 10.244.6.5',
      '10.244.5.5 10.244.6.5 10.244.6.6',
      '10.244.6.6',
      '',
      '10.244.4.7 10.244.5.7',
      // The Service is deleted, created again with the same address, and then gets session affinity.
      '',
      '10.244.4.8',
      '10.244.4.8 10.244.5.8 10.244.6.8',
      '10.244.5.8',
      '',
    ]);
    assert.equal(rules.flaw, undefined);
    assert.ok(rules.keepClients);
    const before = all.findIndex((line) => line.includes('@affinity-'));
    assert.ok(!rulesOf(all.slice(0, before), 'nftables').rules.keepClients);
  });

  it('are the same if journalctl printed tabs as spaces', () => {
    const spaced = rulesOf(
      all.map((line) => line.replace(/\t/g, ' '.repeat(8))),
      'nftables',
    );
    assert.equal(spaced.damaged, 0);
    assert.deepEqual(endpointsOf(spaced.rules), endpointsOf(rules));
    assert.equal(spaced.rules.flaw, undefined);
  });

  it('lead to the same endpoints as in iptables mode', () => {
    const other = endpointsOf(rulesOf(recorded('iptables'), 'iptables').rules);
    const changes = other.filter((endpoints, index) => endpoints !== other[index - 1]);
    assert.deepEqual(endpointsOf(rules), changes);
  });

  it('show when a rule was removed, and when kube-proxy last changed one', () => {
    const gone = momentOf(all[lineWith('delete rule ip kube-proxy')]);
    const first = all.findIndex((line) => momentOf(line) >= gone - 5000 && line.includes('add chain'));
    const left = rules.gone('10.244.4.5');
    assert.ok(left !== undefined && left >= momentOf(all[first]) && left <= gone, `${left} and ${gone}`);
    assert.equal(rules.of('10.244.9.9'), 'unknown');
    const another = momentOf(all[lineWith('add element ip kube-proxy cluster-ips { 10.96.0.30 }')]);
    assert.equal(rules.lastSync(another + 1000), another);
  });

  it('show when they led to no endpoint', () => {
    const emptied = momentOf(all[lineWith('add element ip kube-proxy no-endpoint-services { 10.96.0.20')]);
    assert.ok(rules.sentNowhere(emptied + 1000, emptied + 1_000_000));
    assert.ok(!rules.sentNowhere(emptied - 1_000_000, emptied + 1000));
    assert.ok(rules.ledSomewhere(emptied - 1_000_000, emptied - 100_000));
  });

  it('show nothing of an unknown Service', () => {
    const stranger = rulesOf(all, 'nftables', '10.96.0.99').rules;
    assert.deepEqual(endpointsOf(stranger), []);
    assert.ok(!stranger.known);
  });

  it('lead to the result of a transaction that was committed during the list', () => {
    const end = all.findIndex((line) => / \}$/.test(line) && line.endsWith(': }'));
    const change = all.slice(end + 1, lineWith('# new generation') + 1);
    const list = all.slice(0, end + 1);
    for (const at of [0, 20, 60, list.length - 1]) {
      const amid = [...list.slice(0, at), ...change, ...list.slice(at)];
      const folded = rulesOf(amid, 'nftables').rules;
      assert.deepEqual(endpointsOf(folded), ['10.244.5.5 10.244.6.5 10.244.6.6'], `${at}`);
      assert.equal(folded.flaw, undefined);
    }
  });

  it('have a flaw if any line about the Service is missing', () => {
    const whole = endpointsOf(rules);
    const unnoticed = all.filter((_, missing) => {
      const { rules: rest, damaged } = rulesOf(all.toSpliced(missing, 1), 'nftables');
      return damaged === 0 && rest.flaw === undefined && endpointsOf(rest).join() !== whole.join();
    });
    assert.deepEqual(unnoticed, []);
  });

  it('have a flaw if any line about the Service is cut off', () => {
    const whole = endpointsOf(rules);
    const unnoticed = all.flatMap((line, index) =>
      [0.2, 0.4, 0.6, 0.8, 0.9, 1].flatMap((share) => {
        const from = line.indexOf(': ') + 2;
        const half = line.slice(0, from + Math.ceil((line.length - from) * share) - 1);
        const { rules: rest, damaged } = rulesOf(all.with(index, half), 'nftables');
        const isUnnoticed = damaged === 0 && rest.flaw === undefined && endpointsOf(rest).join() !== whole.join();
        return isUnnoticed ? [half] : [];
      }),
    );
    assert.deepEqual(unnoticed, []);
  });

  it('name the flaw that shows that lines are missing', () => {
    const number = lineWith('# new generation');
    const flawOf = (lines: readonly string[]) => rulesOf(lines, 'nftables').rules.flaw ?? '';
    assert.match(flawOf(all.toSpliced(lineWith('# new generation 6 '), 1)), /^goes from transaction 5 to 7$/);
    assert.match(flawOf(all.slice(0, number)), /^ends within a transaction$/);
    assert.match(flawOf(all.slice(number + 1)), /^holds no whole list of the rules that stood before$/);
    const added = lineWith('add rule ip kube-proxy service-');
    assert.match(flawOf(all.toSpliced(added, 1)), /^leads to service-\S+, in which 0 rules lead on instead of one$/);
    const rejected = lineWith('add element ip kube-proxy no-endpoint-services { 10.96.0.20');
    assert.match(flawOf(all.toSpliced(rejected, 1)), /^has 10\.96\.0\.20 in 0 maps of Services instead of 1$/);
  });
});
