import assert from 'node:assert/strict';
import { UsageError } from '../model/usage-error.ts';
import { foreignTarget, type TargetChoices } from './foreign-target.ts';

const whole = { context: 'prod', iKnowThisCluster: true, namespace: 'shop', deployment: 'web' };

describe('the target of a fault', () => {
  it('is a foreign cluster if context, namespace and workload are named and --i-know-this-cluster is set', () => {
    const found = { context: 'prod', namespace: 'shop' };
    assert.deepEqual(foreignTarget(whole), { ...found, owner: { kind: 'Deployment', name: 'web' } });
    const { deployment: _, ...rest } = whole;
    assert.deepEqual(foreignTarget({ ...rest, statefulset: 'db' }), {
      ...found,
      owner: { kind: 'StatefulSet', name: 'db' },
    });
  });

  it('is the lab if none of them is named', () => assert.equal(foreignTarget({}), undefined));

  const refused: { readonly [what: string]: readonly [TargetChoices, RegExp] } = {
    'with a context alone': [{ context: 'prod' }, /add --i-know-this-cluster/],
    'with a context but without --i-know-this-cluster': [
      { ...whole, iKnowThisCluster: false },
      /add --i-know-this-cluster/,
    ],
    'without a context': [{ iKnowThisCluster: true }, /--context/],
    'with a namespace but without a context': [{ namespace: 'shop' }, /need --context/],
    'without a namespace': [
      { context: 'prod', iKnowThisCluster: true, deployment: 'web' },
      /add --namespace, and either --deployment or --statefulset/,
    ],
    'without a workload': [
      { context: 'prod', iKnowThisCluster: true, namespace: 'shop' },
      /either --deployment or --statefulset/,
    ],
    'with two workloads': [{ ...whole, statefulset: 'db' }, /name one workload: either --deployment or --statefulset/],
    'with a StatefulSet but without a context': [{ statefulset: 'db' }, /--statefulset need --context/],
    'with an invalid name of a StatefulSet': [
      { context: 'prod', iKnowThisCluster: true, namespace: 'shop', statefulset: 'db/0' },
      /not a valid name/,
    ],
    'with the namespace kube-system': [{ ...whole, namespace: 'kube-system' }, /kube-system belongs to Kubernetes/],
    'with the namespace kube-public': [{ ...whole, namespace: 'kube-public' }, /belongs to Kubernetes/],
    'with the namespace kube-node-lease': [{ ...whole, namespace: 'kube-node-lease' }, /belongs to Kubernetes/],
    'with an invalid name': [{ ...whole, deployment: '../web' }, /not a valid name/],
    'with an empty namespace': [{ ...whole, namespace: '' }, /not a valid name/],
  };
  for (const [what, [choices, why]] of Object.entries(refused)) {
    it(`is refused ${what}`, () =>
      assert.throws(
        () => foreignTarget(choices),
        (error) => error instanceof UsageError && why.test(error.message),
      ));
  }
});
