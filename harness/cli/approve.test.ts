import assert from 'node:assert/strict';
import { UsageError } from '../model/usage-error.ts';
import { approve } from './approve.ts';

describe('approval', () => {
  const terminal = process.stdin.isTTY;
  const { signal } = new AbortController();
  beforeEach(() => {
    process.stdin.isTTY = false;
  });
  afterEach(() => {
    process.stdin.isTTY = terminal;
  });

  it('can be given in advance', () => approve('Inject this fault?', { yes: true, signal }));

  it('is refused if there is no terminal to ask on', () =>
    assert.rejects(
      approve('Inject this fault?', { yes: false, signal }),
      (error) => error instanceof UsageError && /add --yes/.test(error.message),
    ));
});
