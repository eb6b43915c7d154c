import assert from 'node:assert/strict';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { PodHistory } from '../timeline/pod-history.ts';
import { closeMargin, shutDown } from './pod-margins.ts';

const second = 1_000_000;
const ip = '10.244.1.1';

/** The close margin of a pod that was last connected to at 10 s, terminated at 9 s, and closed its listener at 14 s. */
function closed(rule: 'unknown' | 'stands' | number): number | undefined {
  const pod = new PodHistory('web-1');
  pod.ip = ip;
  pod.terminating = 9 * second;
  for (const [type, at] of [
    ['listen', 1],
    ['close', 14],
  ] as const)
    pod.seeLog({ at: at * second, type, pod: 'web-1' });
  const evidence = {
    connections: { routed: new Map([[ip, { first: 2 * second, last: 10 * second }]]), lateAround: () => 0 },
    rules: { of: () => rule, gone: () => (typeof rule === 'number' ? rule : undefined) },
    phases: { tail: { to: 20 * second } },
  } as unknown as ArmEvidence;
  return closeMargin(pod, evidence)?.ms;
}

describe('the margin of a pod that closes its listener', () => {
  it('counts from the removal of its rule, or else from its last connection', () => {
    assert.equal(closed(11 * second), 3000);
    assert.equal(closed(9 * second), 4000);
    assert.equal(closed('unknown'), 4000);
  });

  it('is missed if its rule exists until the end', () => assert.equal(closed('stands'), -6000));
});

describe('a pod was shut down', () => {
  const phases = { baseline: { from: second }, tail: { to: 60 * second } } as unknown as ArmEvidence['phases'];

  /** Whether a pod counts as shut down that listened from second 2 on. */
  function terminated(terminating: number, ends: (pod: PodHistory) => void): boolean {
    const pod = new PodHistory('web-1');
    pod.terminating = terminating * second;
    pod.seeLog({ at: 2 * second, type: 'listen', pod: 'web-1' });
    ends(pod);
    return shutDown(pod, { phases });
  }

  it('if it ended after its deletion', () => {
    const closes = (pod: PodHistory) => {
      pod.seeLog({ at: 14 * second, type: 'close', pod: 'web-1' });
      pod.seeLog({ at: 16 * second, type: 'exit', pod: 'web-1' });
    };
    assert.equal(terminated(9, closes), true);
    assert.equal(terminated(14.5, closes), true, 'its deletion was seen late');
  });

  it('not if its node went down, which is why it was deleted', () => {
    const goes = (pod: PodHistory) => {
      pod.seeNodeEnd(10 * second);
      pod.gone = 50 * second;
    };
    assert.equal(terminated(45, goes), false);
  });
});
