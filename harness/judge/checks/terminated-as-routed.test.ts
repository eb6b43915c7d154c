import assert from 'node:assert/strict';
import type { SliceState } from '../../model/event.ts';
import type { Json } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { ClientRules } from '../evidence/client-rules.ts';
import { Timeline } from '../timeline/timeline.ts';
import { terminatedAsRouted } from './terminated-as-routed.ts';

const ips = { 'web-1': '10.0.0.1', 'web-2': '10.0.0.2', 'web-3': '10.0.0.3', 'web-4': '10.0.0.4' };
type Pod = keyof typeof ips;

/** kube-proxy’s rules after each sync. */
function rulesOf(syncs: readonly (readonly [second: number, pods: readonly Pod[]])[]): ClientRules {
  const rules = new ClientRules('10.96.0.7', 'iptables');
  const add = (at: number, name: string, text: string) => rules.see({ at, what: 'added', name, text });
  for (const [second, pods] of syncs) {
    const at = second * 1e6;
    add(at, 'KUBE-SERVICES', 'ip daddr 10.96.0.7 ip protocol tcp jump KUBE-SVC-WEB');
    rules.see({ at, what: 'deleted', name: 'KUBE-SVC-WEB', text: '' });
    for (const pod of pods) {
      add(at, 'KUBE-SVC-WEB', `jump KUBE-SEP-${pod}`);
      add(at, `KUBE-SEP-${pod}`, `dnat to ${ips[pod]}:8080`);
    }
  }
  return rules;
}

/** web-1 closes its listener at 10 s and is routed to until 12 s, at 100 requests a second. */
function evidenceOf(rules: ClientRules, terminatedAt = 9.9): ArmEvidence {
  const timeline = new Timeline();
  const slices = (second: number, pods: readonly Pod[], terminating?: Pod) => {
    const endpoints = pods.map((pod) => {
      const ends = pod === terminating;
      return { ip: ips[pod], pod, uid: pod, node: '', ready: !ends, serving: true, terminating: ends };
    });
    const data = { service: 'web', addressType: 'IPv4', endpoints } satisfies SliceState as unknown as Json;
    timeline.see({ at: second * 1e6, source: 'endpointslice', type: 'modified', subject: 'web', data });
  };
  slices(1, ['web-1', 'web-2']);
  slices(terminatedAt, ['web-1', 'web-2'], 'web-1');
  timeline.seeLog({ at: 1e6, type: 'listen', pod: 'web-1' });
  timeline.seeLog({ at: 10e6, type: 'close', pod: 'web-1' });
  return {
    timeline,
    rules,
    connections: { routed: new Map([[ips['web-1'], { first: 1e6, last: 12e6 }]]) },
    generators: [{ header: { conn: 'fresh', ratePerSecond: 100 } }],
    phases: { tail: { from: 20e6, to: 30e6 } },
    failures: [],
  } as unknown as ArmEvidence;
}

const expectedOf = (rules: ClientRules): string | undefined =>
  / ([\d.]+) expected$/.exec(terminatedAsRouted.ask(evidenceOf(rules)).evidence?.[0]?.text ?? '')?.[1];

describe('the expected failures at a terminated pod', () => {
  it('are the rate divided by the endpoints that the rule had at each time', () => {
    const growing = rulesOf([
      [1, ['web-1', 'web-2']],
      [11, ['web-1', 'web-2', 'web-3', 'web-4']],
    ]);
    assert.equal(expectedOf(growing), '75.0');
  });

  it('end when the rule is gone, even if a packet of an old connection comes later', () => {
    const gone = rulesOf([
      [1, ['web-1', 'web-2']],
      [11, ['web-2']],
    ]);
    assert.equal(expectedOf(gone), '50.0');
  });

  it('are none if the listener ended long before the termination, as when its node went off', () => {
    const { evidence } = terminatedAsRouted.ask(evidenceOf(rulesOf([[1, ['web-1', 'web-2']]]), 15));
    assert.deepEqual(evidence, []);
  });

  it('are computed from the EndpointSlices if no rule was recorded by then', () => {
    assert.equal(expectedOf(rulesOf([])), '100.0');
    assert.equal(expectedOf(rulesOf([[11, ['web-1', 'web-2', 'web-3', 'web-4']]])), '100.0');
  });
});
