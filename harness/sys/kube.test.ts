import assert from 'node:assert/strict';
import { inPlainWords } from './kube.ts';

/** As the API server of 1.37 answers. */
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

  it('is its sentence once, whatever causes it lists', () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'must be positive' }];
    assert.equal(
      said({ message: 'spec.replicas: must be positive', details: { causes } }).message,
      'evict web-1: spec.replicas: must be positive',
    );
  });

  it('is what the client says of it where the server said nothing', () => {
    for (const body of [undefined, '<html>', {}]) assert.equal(said(body).message, 'evict web-1: HTTP-Code: 429');
  });
});
