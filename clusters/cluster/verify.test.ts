import assert from 'node:assert/strict';
import type { ClusterInfo } from '../../harness/model/cluster.ts';
import { objectProblems } from './verify.ts';

const named = (name: string) => ({ metadata: { name } });
const listed = {
  nodes: [],
  pods: [],
  leases: [],
  namespaces: ['holdfast-arm', 'holdfast-arm-helpers', 'holdfast-other'].map(named),
  priorityClasses: [named('holdfast-preemptor')],
};
const info = { nodes: [], profile: { nodeTimings: 'fast' } } as unknown as ClusterInfo;

describe('a cluster after a run', () => {
  const problems = (kept: readonly string[]) =>
    objectProblems(info, listed, kept).filter((problem) => problem.includes('of a run'));

  it('may have no namespaces of a run, except those that were kept', () => {
    const preemptor = 'priority class holdfast-preemptor of a run still exists';
    assert.deepEqual(problems(['holdfast-arm', 'holdfast-arm-helpers']), [
      'namespace holdfast-other of a run still exists',
      preemptor,
    ]);
    assert.deepEqual(problems([]), [
      'namespace holdfast-arm of a run still exists',
      'namespace holdfast-arm-helpers of a run still exists',
      'namespace holdfast-other of a run still exists',
      preemptor,
    ]);
  });
});
