import assert from 'node:assert/strict';
import { inPlainWords } from './kube.ts';

/** An answer of the API server of Kubernetes 1.37. */
const refusal = {
  kind: 'Status',
  status: 'Failure',
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
  reason: 'TooManyRequests',
  details: {
    causes: [
      { reason: 'DisruptionBudget', message: 'The disruption budget web needs 2 healthy pods and has 2 currently' },
    ],
  },
  code: 429,
};

describe('an answer of the API server', () => {
  const said = (body: unknown) => inPlainWords('evict web-1', Object.assign(new Error('HTTP-Code: 429'), { body }));

  it('names the budget that refused an eviction', () => {
    const words =
      "evict web-1: Cannot evict pod as it would violate the pod's disruption budget. The disruption budget web needs 2 healthy pods and has 2 currently";
    assert.equal(said(refusal).message, words);
    assert.equal(said(JSON.stringify(refusal)).message, words);
  });

  it('has its message once, for any list of causes', () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'must be positive' }];
    assert.equal(
      said({ message: 'spec.replicas: must be positive', details: { causes } }).message,
      'evict web-1: spec.replicas: must be positive',
    );
  });

  it('has the message of the client if the server sent none', () => {
    for (const body of [undefined, '<html>', {}]) assert.equal(said(body).message, 'evict web-1: HTTP-Code: 429');
  });
});
