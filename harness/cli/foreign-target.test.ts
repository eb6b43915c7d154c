import assert from 'node:assert/strict';
import { UsageError } from '../model/usage-error.ts';
import { foreignTarget, type TargetChoices } from './foreign-target.ts';

const whole = { context: 'prod', iKnowThisCluster: true, namespace: 'shop', deployment: 'web' };

describe('a cluster that is not ours is disturbed', () => {
  it('where all of it is named, and said to be known', () =>
    assert.deepEqual(foreignTarget(whole), { context: 'prod', namespace: 'shop', deployment: 'web' }));

  it('and the lab where nothing of it is named', () => assert.equal(foreignTarget({}), undefined));

  const refused: { readonly [what: string]: readonly [TargetChoices, RegExp] } = {
    'by a context alone': [{ context: 'prod' }, /add --i-know-this-cluster/],
    'by a context that nobody says to know': [{ ...whole, iKnowThisCluster: false }, /add --i-know-this-cluster/],
    'without a context': [{ iKnowThisCluster: true }, /--context/],
    'by a namespace without a context': [{ namespace: 'shop' }, /need --context/],
    'without a namespace': [
      { context: 'prod', iKnowThisCluster: true, deployment: 'web' },
      /--namespace and --deployment/,
    ],
    'without a deployment': [{ context: 'prod', iKnowThisCluster: true, namespace: 'shop' }, /--namespace and/],
    'in kube-system': [{ ...whole, namespace: 'kube-system' }, /kube-system belongs to Kubernetes/],
    'in kube-public': [{ ...whole, namespace: 'kube-public' }, /belongs to Kubernetes/],
    'in kube-node-lease': [{ ...whole, namespace: 'kube-node-lease' }, /belongs to Kubernetes/],
    'by a name that is none': [{ ...whole, deployment: '../web' }, /not a valid name/],
    'in a namespace of no name': [{ ...whole, namespace: '' }, /not a valid name/],
  };
  for (const [what, [choices, why]] of Object.entries(refused)) {
    it(`never ${what}`, () =>
      assert.throws(
        () => foreignTarget(choices),
        (error) => error instanceof UsageError && why.test(error.message),
      ));
  }
});
