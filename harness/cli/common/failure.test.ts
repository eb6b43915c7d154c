import assert from 'node:assert/strict';
import { MeasuredByAnother } from '../../../clusters/engine/measuring.ts';
import { UsageError } from '../../model/usage-error.ts';
import { NotUndone } from '../../record/undo/undo.ts';
import { LockedError } from '../../sys/lock.ts';
import { ChangesLeft, errorReport, exitCodeOf, explain, Interrupted } from './failure.ts';

describe('a failure', () => {
  it('has an exit code by its kind', () => {
    assert.equal(exitCodeOf(new UsageError('no such arm')), 2);
    assert.equal(exitCodeOf(new Interrupted('SIGINT')), 130);
    assert.equal(exitCodeOf(new LockedError('in use')), 4);
    assert.equal(exitCodeOf('anything else'), 4);
  });

  it('has a code for scripts', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const codes: readonly (readonly [unknown, string])[] = [
      [new UsageError('no such arm'), 'usage'],
      [new Interrupted('SIGINT'), 'interrupted'],
      [new LockedError('in use'), 'locked'],
      [new MeasuredByAnother('another run'), 'engine-in-use'],
      [new NotUndone([new Error('a node is cordoned')], undefined, './holdfast heal'), 'changes-left'],
      [new NotUndone([new Error('a node is cordoned')], full, './holdfast heal'), 'changes-left'],
      [new ChangesLeft('2 changes'), 'changes-left'],
      [new Error('cannot record', { cause: full }), 'disk-full'],
      [new Error('no engine'), 'failed'],
      ['anything else', 'failed'],
    ];
    for (const [error, code] of codes) assert.equal(errorReport(error).code, code, String(error));
    assert.deepEqual(errorReport(new TypeError()), { code: 'failed', message: 'TypeError' });
  });

  it('is explained in words, without a stack', () => {
    assert.equal(explain(new UsageError('no such arm')), 'holdfast: no such arm');
    assert.equal(explain(new TypeError()), 'holdfast: TypeError');
  });

  it('suggests how to free space on a full disk, also if the cause is nested', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    for (const error of [full, new Error('cannot record', { cause: full })]) assert.match(explain(error), /runs prune/);
    assert.doesNotMatch(explain(new Error('cannot record')), /runs prune/);
  });
});
