import assert from 'node:assert/strict';
import { Answers } from '../../evidence/answers.ts';
import type { ArmEvidence } from '../../evidence/arm-evidence.ts';
import { lostNodesAreSilent } from './lost-nodes.ts';

const second = 1e6;

/** The node did not run from 10 s to 16 s; its pod answered what was sent at these seconds. */
function doubts(how: 'frozen' | 'powered off', ...sent: readonly number[]): string[] {
  const answers = new Answers(0);
  for (const at of sent) answers.see({ pod: 'web-1', start: at * second, end: at * second + 1000 });
  const outage = { node: 'w1', how, from: 10 * second, to: 16 * second, earliest: 9 * second };
  const evidence = {
    plan: { traffic: { timeoutMs: 2000 } },
    phases: { tail: { to: 30 * second } },
    answers,
    timeline: { outages: { all: [outage] }, pods: new Map([['uid', { name: 'web-1', node: 'w1', seen: 1 }]]) },
  } as unknown as ArmEvidence;
  return lostNodesAreSilent(evidence).map(({ text }) => text);
}

describe('a node that did not run', () => {
  it('answers nothing that was sent meanwhile', () => {
    for (const how of ['frozen', 'powered off'] as const) {
      assert.deepEqual(doubts(how, 12), [`web-1 answered while its node w1 was ${how}`]);
      assert.deepEqual(doubts(how, 9, 17), []);
    }
  });

  it('answers what a client still waits for that sent it to a frozen one', () => {
    assert.deepEqual(doubts('frozen', 14.1), []);
    assert.deepEqual(doubts('powered off', 14.1), ['web-1 answered while its node w1 was powered off']);
  });
});
