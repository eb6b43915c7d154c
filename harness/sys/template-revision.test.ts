import assert from 'node:assert/strict';
import { templateRevision } from './template-revision.ts';

describe('the revision of the template of a pod', () => {
  const of = (labels?: { [label: string]: string }) =>
    templateRevision({ metadata: { name: 'web-1', ...(labels && { labels }) } });

  it('is the label of its controller, and never the label `version`', () => {
    assert.equal(of({ app: 'web', version: '1', 'pod-template-hash': '7c4b9d8f65' }), '7c4b9d8f65');
    assert.equal(of({ app: 'db', 'controller-revision-hash': 'db-7c4b9d8f65' }), 'db-7c4b9d8f65');
    assert.equal(of({ app: 'web', version: '1' }), '');
    assert.equal(of(), '');
    assert.equal(templateRevision({}), '');
  });
});
