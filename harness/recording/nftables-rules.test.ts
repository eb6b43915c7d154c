import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { serviceElements, targetsOf } from './nftables-rules.ts';
import { parseRuleLine } from './rules.ts';

/** The output for kube-proxy 1.37.2 and nft 1.1.3, recorded with `bench/kube-proxy-rules.ts`. */
const recorded = readFileSync(new URL('testing/kube-proxy-nftables.log', import.meta.url), 'utf8');
const lines = recorded.trimEnd().split('\n');

const read = (text: string) => parseRuleLine(`1796039283.892005 nft[5700]: ${text}`, 'nftables');
const service = 'service-NLZ7VG5I-hf-test/web/tcp/';

describe('rules in nftables mode', () => {
  it('are all parsed, as nft prints them for a real kube-proxy', () => {
    const unread = lines.filter((line) => parseRuleLine(line, 'nftables') === undefined);
    assert.deepEqual(unread, []);
    const kinds = new Set(
      lines.map((line) => {
        const parsed = parseRuleLine(line, 'nftables');
        return typeof parsed === 'object' ? parsed.what : parsed;
      }),
    );
    assert.deepEqual([...kinds].sort(), ['added', 'begin', 'committed', 'deleted', 'end', 'listed', 'other']);
  });

  it('can be changes of chains and maps, and transactions', () => {
    const at = 1796039283892005;
    assert.deepEqual(read(`add rule ip kube-proxy ${service} handle 8 meta l4proto tcp dnat to 10.244.4.5:8080`), {
      at,
      what: 'added',
      name: service,
      text: 'meta l4proto tcp dnat to 10.244.4.5:8080',
    });
    assert.deepEqual(read(`delete element ip kube-proxy service-ips { 10.96.0.20 . tcp . 80 : goto ${service} }`), {
      at,
      what: 'deleted',
      name: 'service-ips',
      text: `{ 10.96.0.20 . tcp . 80 : goto ${service} }`,
    });
    assert.deepEqual(read('# new generation 12 by process 21184 (nft)'), {
      at,
      what: 'committed',
      name: '',
      text: '12',
    });
    assert.equal(read('add chain ip kube-proxy reject-chain'), 'other');
  });

  it('forward to one endpoint, to many, or to chains of endpoints', () => {
    assert.deepEqual(targetsOf('meta l4proto tcp dnat to 10.244.4.5:8080'), ['10.244.4.5']);
    const map = 'numgen random mod 2 map { 0 : 10.244.4.5 . 8080, 1 : 10.244.5.5 . 8080 }';
    for (const to of ['dnat ip to', 'dnat ip addr . port to'])
      assert.deepEqual(targetsOf(`meta l4proto tcp ${to} ${map}`), ['10.244.4.5', '10.244.5.5']);
    assert.deepEqual(targetsOf('numgen random mod 2 vmap { 0 : goto endpoint-A, 1 : goto endpoint-B }'), [
      'endpoint-A',
      'endpoint-B',
    ]);
    for (const other of ['ip saddr @affinity-A goto endpoint-A', 'reject', 'ct status dnat ip saddr . ip daddr @x'])
      assert.deepEqual(targetsOf(other), [], other);
  });

  it('are incomplete if a map has another number of endpoints', () => {
    const map = 'map { 0 : 10.244.4.5 . 8080, 1 : 10.244.5.5 . 8080 }';
    const many = 'meta l4proto tcp dnat ip to';
    for (const mod of [1, 3]) assert.equal(targetsOf(`${many} numgen random mod ${mod} ${map}`), undefined);
    assert.equal(targetsOf('meta l4proto tcp dnat ip to numgen random mod 1 map { 1 : 10.244.4.5 . 8080 }'), undefined);
  });

  it('are damaged if a line is cut off or is not a rule', () => {
    const whole = [
      `add element ip kube-proxy service-ips { 10.96.0.20 . tcp . 80 : goto ${service} }`,
      `add rule ip kube-proxy ${service} meta l4proto tcp dnat ip to numgen random mod 1 map { 0 : 10.244.4.5 . 8080 }`,
      `\t\telements = { 10.96.0.20 . tcp . 80 : goto ${service},`,
      '# new generation 12 by process 21184 (nft)',
    ];
    for (const line of whole) {
      assert.ok(read(line), line);
      assert.equal(read(line.slice(0, -1)), undefined, line.slice(0, -1));
    }
    for (const line of ['', 'what nft never says', '# ERROR: We lost some netlink events!', 'add rule ip kube-proxy'])
      assert.equal(read(line), undefined, line);
  });

  it('map the address of a Service to its chain, or to no chain', () => {
    assert.deepEqual(
      serviceElements(
        `elements = { 10.96.0.20 . tcp . 80 : goto ${service}, 10.96.0.30 . tcp . 80 comment "hf-test/web" : goto reject-chain, 10.96.0.40 . udp . 53 : drop }`,
      ),
      [
        { ip: '10.96.0.20', protocol: 'tcp', chain: service },
        { ip: '10.96.0.30', protocol: 'tcp', chain: 'reject-chain' },
        { ip: '10.96.0.40', protocol: 'udp', chain: '' },
      ],
    );
  });
});
