import assert from 'node:assert/strict';
import { parseRuleLine } from '../../recording/rules.ts';
import { ClientRules } from './client-rules.ts';

/** Output of `nft list table ip nat` and `nft monitor rules` on a node, stamped by its journal. */
const listed = [
  'table ip nat {',
  '\tchain KUBE-SERVICES {',
  '\t\tip daddr 10.96.0.10 ip protocol udp  udp dport 53 counter packets 0 bytes 0 jump KUBE-SVC-DNS',
  '\t\tip daddr 10.96.0.7 ip protocol tcp  tcp dport 80 counter packets 9 bytes 540 jump KUBE-SVC-WEB',
  '\t\t fib daddr type local counter packets 13 bytes 780 jump KUBE-NODEPORTS',
  '\t}',
  '',
  '\tchain KUBE-SVC-WEB {',
  '\t\tip saddr != 10.244.0.0/16 ip daddr 10.96.0.7 ip protocol tcp  tcp dport 80 counter packets 0 bytes 0 jump KUBE-MARK-MASQ',
  '\t\t meta random & 2147483647 < 1073741824 counter packets 0 bytes 0 jump KUBE-SEP-ONE',
  '\t\t counter packets 0 bytes 0 jump KUBE-SEP-TWO',
  '\t}',
  '',
  '\tchain KUBE-SEP-ONE {',
  '\t\tip saddr 10.244.2.5  counter packets 0 bytes 0 jump KUBE-MARK-MASQ',
  '\t\tip protocol tcp  meta l4proto tcp counter packets 0 bytes 0 dnat to 10.244.2.5:8080',
  '\t}',
  '\tchain KUBE-SEP-TWO {',
  '\t\tip protocol tcp  meta l4proto tcp counter packets 0 bytes 0 dnat to 10.244.3.6:8080',
  '\t}',
  '}',
];

const replaced = [
  'delete rule ip nat KUBE-SVC-WEB handle 1495',
  'delete rule ip nat KUBE-SVC-WEB handle 1496',
  'delete rule ip nat KUBE-SEP-ONE handle 1498',
  'add rule ip nat KUBE-SVC-WEB ip saddr != 10.244.0.0/16 ip daddr 10.96.0.7 ip protocol tcp  tcp dport 80 counter packets 0 bytes 0 jump KUBE-MARK-MASQ',
  'add rule ip nat KUBE-SVC-WEB handle 1514  meta random & 2147483647 < 715827883 counter packets 0 bytes 0 jump KUBE-SEP-TWO',
  'add rule ip nat KUBE-SVC-WEB  counter packets 0 bytes 0 jump KUBE-SEP-NEW',
  'add rule ip nat KUBE-SEP-NEW ip protocol tcp  meta l4proto tcp counter packets 0 bytes 0 dnat to 10.244.4.7:8080',
];

const emptied = ['delete rule ip nat KUBE-SVC-WEB handle 1601', 'delete rule ip nat KUBE-SVC-WEB handle 1602'];

/** The rules after these syncs. The lines of a sync are a millisecond apart. */
const rulesOf = (...syncs: readonly Sync[]): ClientRules => rulesWith(1, syncs);

type Sync = readonly [second: number, lines: readonly string[]];

/** The rules after these syncs. The lines of a sync are `apartMs` apart. */
function rulesWith(apartMs: number, syncs: readonly Sync[]): ClientRules {
  const rules = new ClientRules('10.96.0.7', 'iptables');
  for (const [second, lines] of syncs) {
    for (const [index, line] of lines.entries()) {
      const stamp = (1000 + second + (index * apartMs) / 1000).toFixed(6);
      const parsed = parseRuleLine(`${stamp} nft[77]: ${line}`, 'iptables');
      if (typeof parsed === 'object') rules.see(parsed);
    }
  }
  return rules;
}

const atSecond = (second: number) => (1000 + second) * 1e6;
const told = (rules: ClientRules) => rules.sets().map(({ at, endpoints }) => [at, [...endpoints]]);

describe('kube-proxy’s rules on the client’s node', () => {
  it('lead to the listed endpoints, then to those that each sync wrote', () => {
    const rules = rulesOf([0, listed], [5, replaced], [9, emptied]);
    const [first, second, third] = told(rules);
    assert.deepEqual(first?.[1], ['10.244.2.5', '10.244.3.6']);
    assert.deepEqual(second, [atSecond(5), ['10.244.3.6', '10.244.4.7']]);
    assert.deepEqual(third, [atSecond(9), []]);
  });

  it('treat a long sync as one if its lines follow one another closely', () => {
    const [, second, ...others] = told(
      rulesWith(40, [
        [0, listed],
        [5, replaced],
      ]),
    );
    assert.deepEqual(second, [atSecond(5), ['10.244.3.6', '10.244.4.7']]);
    assert.deepEqual(others, []);
  });

  it('split a sync after a pause between its lines', () => {
    const [, removed, written] = told(rulesOf([0, listed], [5, replaced.slice(0, 3)], [5.06, replaced.slice(3)]));
    assert.deepEqual(removed, [atSecond(5), []]);
    assert.deepEqual(written, [atSecond(5.06), ['10.244.3.6', '10.244.4.7']]);
  });

  it('lead to the endpoints that a sync wrote while the rules were listed, at any position in the list', () => {
    const before = [...replaced, ...listed];
    const amid = [...listed.slice(0, 10), ...replaced, ...listed.slice(10)];
    const led = (...lines: readonly string[]) =>
      rulesOf([0, lines])
        .sets()
        .map(({ endpoints }) => [...endpoints]);
    for (const lines of [before, amid, [...listed, ...replaced]])
      assert.deepEqual(led(...lines), [['10.244.3.6', '10.244.4.7']]);
    assert.deepEqual(led(...emptied, ...listed), [[]]);
  });

  it('show when the rule to an endpoint was removed for the last time', () => {
    const rules = rulesOf([0, listed], [5, replaced], [9, emptied]);
    assert.equal(rules.gone('10.244.2.5'), atSecond(5));
    assert.equal(rules.gone('10.244.3.6'), atSecond(9));
    assert.equal(rules.gone('10.244.9.9'), undefined);
  });

  it('show when kube-proxy last synced, even if it changed another Service', () => {
    const another = ['delete rule ip nat KUBE-SERVICES handle 205', 'delete rule ip nat KUBE-SVC-DNS handle 9'];
    const rules = rulesOf([0, listed], [5, replaced], [7, another]);
    assert.equal(rules.lastSync(atSecond(4.9)), undefined);
    assert.equal(rules.lastSync(atSecond(6)), atSecond(5));
    assert.equal(rules.lastSync(atSecond(9)), atSecond(7));
    rules.lost = true;
    assert.equal(rules.lastSync(atSecond(9)), undefined);
  });

  it('show when they led to no endpoint', () => {
    const rules = rulesOf([0, listed], [5, replaced], [9, emptied], [12, replaced]);
    assert.ok(rules.sentNowhere(atSecond(9.1), atSecond(11.9)));
    assert.ok(!rules.sentNowhere(atSecond(8.9), atSecond(9.1)));
    assert.ok(!rules.sentNowhere(atSecond(11.9), atSecond(12.1)));
    assert.ok(!rulesOf().sentNowhere(atSecond(9.1), atSecond(9.2)));
  });

  it('show whether they always led to an endpoint', () => {
    const rules = rulesOf([0, listed], [5, replaced], [9, emptied], [12, replaced]);
    assert.ok(rules.ledSomewhere(atSecond(4), atSecond(8.9)));
    assert.ok(!rules.ledSomewhere(atSecond(8.9), atSecond(9.1)));
    assert.ok(!rules.ledSomewhere(atSecond(11.9), atSecond(12.1)));
    assert.ok(!rules.ledSomewhere(atSecond(-1), atSecond(4)), 'the beginning was not recorded');
    assert.ok(!rulesOf().ledSomewhere(atSecond(4), atSecond(5)));
  });

  it('distinguish a rule that still exists from an unknown one', () => {
    const rules = rulesOf([0, listed], [5, replaced]);
    assert.equal(rules.of('10.244.2.5'), atSecond(5));
    assert.equal(rules.of('10.244.4.7'), 'stands');
    assert.equal(rules.of('10.244.9.9'), 'unknown');
    assert.equal(rulesOf().of('10.244.4.7'), 'unknown');
    rules.lost = true;
    for (const address of ['10.244.2.5', '10.244.4.7']) assert.equal(rules.of(address), 'unknown');
  });

  it('are contradicted by connections if the end of their record is missing', () => {
    const rules = rulesOf([0, listed], [5, replaced]);
    const until = (one: number, other: number, third: number) => {
      const last = { '10.244.2.5': one, '10.244.3.6': other, '10.244.4.7': third };
      const routed = new Map(Object.entries(last).map(([ip, second]) => [ip, { last: atSecond(second) }]));
      return rules.contradiction(routed, atSecond(20));
    };
    assert.equal(until(5, 20, 20), undefined);
    assert.equal(until(5.9, 19, 18.5), undefined, 'conntrack may be read late');
    assert.equal(until(7, 20, 20), 'leads no more to 10.244.2.5, and a connection went there');
    assert.equal(until(5, 9, 20), 'leads to 10.244.3.6 to the end, and no connection went there');
    assert.equal(until(5, 9, 9), undefined, 'there are no more connections');
    assert.equal(rulesOf().contradiction(new Map(), atSecond(20)), undefined);
  });

  it('are not contradicted by unused endpoints if they keep each client to one endpoint', () => {
    const kept = (line: string) =>
      line.includes('KUBE-SVC-') && line.includes('jump KUBE-SEP-')
        ? [line.replace(/(?:meta random .*? )?counter/, ' xt match "recent" counter'), line]
        : [line];
    const rules = rulesOf([0, listed.flatMap(kept)], [5, replaced.flatMap(kept)]);
    const routed = (ip: string) =>
      new Map([
        ['10.244.4.7', { last: atSecond(20) }],
        [ip, { last: atSecond(9) }],
      ]);
    assert.ok(rules.keepClients);
    assert.ok(!rulesOf([0, listed], [5, replaced]).keepClients);
    assert.equal(rules.contradiction(routed('10.244.3.6'), atSecond(20)), undefined);
    assert.match(rules.contradiction(routed('10.244.2.5'), atSecond(20)) ?? '', /^leads no more to 10.244.2.5/);
  });

  it('show no removal if a rule still exists or if nothing was recorded', () => {
    assert.equal(rulesOf([0, listed], [5, replaced]).gone('10.244.4.7'), undefined);
    assert.deepEqual(told(rulesOf()), []);
    assert.deepEqual(told(rulesOf([0, ['add rule ip filter KUBE-FORWARD accept', 'no rule at all']])), []);
  });
});
