import assert from 'node:assert/strict';
import { UsageError } from '../../model/usage-error.ts';
import { LockedError } from '../../sys/lock.ts';
import { exitCodeOf, explain, Interrupted } from './failure.ts';

describe('a failure', () => {
  it('has the exit code of whose it is', () => {
    assert.equal(exitCodeOf(new UsageError('no such arm')), 2);
    assert.equal(exitCodeOf(new Interrupted('SIGINT')), 130);
    assert.equal(exitCodeOf(new LockedError('in use')), 4);
    assert.equal(exitCodeOf('anything else'), 4);
  });

  it('is said in words, without a stack', () => {
    assert.equal(explain(new UsageError('no such arm')), 'holdfast: no such arm');
    assert.equal(explain(new TypeError()), 'holdfast: TypeError');
  });

  it('says how to make room on a full disk, however deep the reason lies', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    for (const error of [full, new Error('cannot record', { cause: full })]) assert.match(explain(error), /runs prune/);
    assert.doesNotMatch(explain(new Error('cannot record')), /runs prune/);
  });
});
