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
    'by a namespace without a context': [{ namespace: 'shop' }, /that --context names/],
    'without a namespace': [
      { context: 'prod', iKnowThisCluster: true, deployment: 'web' },
      /--namespace and --deployment/,
    ],
    'without a deployment': [{ context: 'prod', iKnowThisCluster: true, namespace: 'shop' }, /--namespace and/],
    'in kube-system': [{ ...whole, namespace: 'kube-system' }, /kube-system is Kubernetes' own/],
    'in kube-public': [{ ...whole, namespace: 'kube-public' }, /Kubernetes' own/],
    'in kube-node-lease': [{ ...whole, namespace: 'kube-node-lease' }, /Kubernetes' own/],
    'by a name that is none': [{ ...whole, deployment: '../web' }, /cannot be a name/],
    'in a namespace of no name': [{ ...whole, namespace: '' }, /cannot be a name/],
  };
  for (const [what, [choices, why]] of Object.entries(refused)) {
    it(`never ${what}`, () =>
      assert.throws(
        () => foreignTarget(choices),
        (error) => error instanceof UsageError && why.test(error.message),
      ));
  }
});
