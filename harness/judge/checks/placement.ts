import type { CheckId } from '../../model/checks.ts';
import type { Expectation } from '../../model/experiment.ts';
import { expectationInWords } from '../../model/in-words.ts';
import { counted, listed } from '../../model/number-words.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { replicasByNode } from '../measures/replicas-by-node.ts';
import type { Check } from './check.ts';

/** `3 replicas on 2 nodes: worker 2, worker2 1`. */
export function placementInWords(evidence: ArmEvidence): string {
  const nodes = [...replicasByNode(evidence)].sort(([one], [other]) => one.localeCompare(other));
  const replicas = nodes.reduce((sum, [, pods]) => sum + pods.length, 0);
  const where = nodes.map(([node, pods]) => `${node} ${pods.length}`);
  return `${counted(replicas, 'replica')} on ${counted(nodes.length, 'node')}${where.length > 0 ? `: ${listed(where)}` : ''}`;
}

/** The replicas run on as many nodes as expected. */
export const placementAsExpected = (
  id: CheckId,
  expect: Extract<Expectation, { kind: 'placement' }>,
  otherwise: Verdict,
): Check => ({
  id,
  ask(evidence) {
    const nodes = replicasByNode(evidence).size;
    const holds = nodes >= expect.nodesAtLeast && nodes <= expect.nodesAtMost && nodes > 0;
    const expected = expectationInWords(expect);
    return { verdict: holds ? 'pass' : otherwise, expected, measured: placementInWords(evidence) };
  },
});
