import assert from 'node:assert/strict';
import { upgradeRequest, upgradeRequests } from './requests.ts';

describe('requests of an older version', () => {
  it('get the current header and footer', () => {
    const { header, footer } = upgradeRequests({
      schema: 'holdfast.requests/1',
      gen: 'g',
      fields: ['seq', 'attempts'],
    });
    const newest = { schema: 'holdfast.requests/2', gen: 'g', fields: ['seq', 'attempt'], attempts: 'last' };
    assert.deepEqual(header, newest);
    assert.deepEqual(footer({ footer: true, rows: 3 }), { footer: true, rows: 3, httpReqsFailed: null });
    assert.deepEqual(footer({ footer: true, httpReqsFailed: 2 }), { footer: true, httpReqsFailed: 2 });
  });

  it('keep everything else', () => {
    for (const value of [null, 7, [1], { schema: 'holdfast.requests/2' }, { schema: 'holdfast.requests/9' }])
      assert.deepEqual([upgradeRequests(value).header, upgradeRequests(value).footer(value)], [value, value]);
    assert.deepEqual(upgradeRequests({ schema: 'holdfast.requests/1', fields: 3 }).footer([1]), [1]);
  });

  it('are also upgraded in older findings', () => {
    const old = { id: 'g-1', attempts: 2, pod: 'web-1' };
    const upgraded = { id: 'g-1', pod: 'web-1', attempt: 2, connection: 0, source: '', protocol: '', podBy: 'header' };
    assert.deepEqual(upgradeRequest(old), upgraded);
    assert.deepEqual(upgradeRequest({ ...old, pod: '' }), { ...upgraded, pod: '', podBy: 'none' });
    assert.deepEqual(upgradeRequest(upgraded), upgraded);
  });
});
