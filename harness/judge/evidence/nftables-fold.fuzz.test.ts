import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { limits } from '../../recording/limits.ts';
import { parseRuleLine } from '../../recording/rules.ts';
import { fuzzCases, fuzzSeed } from '../../testing/fuzz-cases.ts';
import { ClientRules } from './client-rules.ts';

const recorded = new URL('../../recording/testing/kube-proxy-nftables.log', import.meta.url);
const lines = readFileSync(recorded, 'utf8').trimEnd().split('\n');

/** CPU time. */
const hangMicros = 2e6;

/** A hostile line repeats one of these until it has the maximum length. */
const pieces = [
  ' ',
  '\t',
  '{ ',
  ' : ',
  'add element ip kube-proxy service-ips { ',
  '1.1.1.1 . tcp . 80 comment "',
  '10.96.0.20 . tcp . 80 : goto service-a/b/tcp/, ',
  'meta l4proto tcp dnat ip to numgen random mod 1 map { ',
  '0 : 10.244.1.5 . 8080, ',
  'numgen random mod 9 vmap { 0 : goto a, ',
  '# new generation 1 by process (',
];

function seen(all: readonly string[]): ClientRules {
  const rules = new ClientRules('10.96.0.20', 'nftables');
  for (const line of all) {
    const parsed = parseRuleLine(line, 'nftables');
    if (typeof parsed === 'object') rules.see(parsed);
  }
  return rules;
}

function inTime(work: () => void): void {
  const before = process.cpuUsage();
  work();
  const { user } = process.cpuUsage(before);
  assert.ok(user < hangMicros, `${user / 1e6} s of CPU time`);
}

describe('arbitrary rules in nftables mode', () => {
  it('neither crash nor hang the fold, in any order and number', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 400 }), (all) =>
        inTime(() => {
          const rules = seen(all);
          assert.ok(rules.sets().length <= all.length);
          assert.ok(rules.flaw === undefined || rules.flaw.length < 1000);
        }),
      ),
      { numRuns: fuzzCases(), seed: fuzzSeed() },
    ));

  it('are read in time, even if a line is very long', () => {
    const starts = [
      '',
      '\t',
      '\t\telements = { ',
      'add rule ip kube-proxy service-a/b ',
      'add rule ip kube-proxy x meta ',
    ];
    for (const start of starts)
      for (const piece of pieces)
        inTime(() =>
          seen([`1796039283.892005 nft[5700]: ${start}${piece.repeat(Math.ceil(limits.line / piece.length) - 9)}`]),
        );
  });
});
