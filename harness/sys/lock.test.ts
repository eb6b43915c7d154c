import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { LockedError, withLock } from './lock.ts';

describe('lock', () => {
  it('names its holder to the second one, and is free afterwards', async () => {
    const name = `test-${randomUUID()}`;
    await withLock(name, './holdfast run rolling-update', () =>
      assert.rejects(
        withLock(name, 'another', async () => assert.fail('both have it')),
        (error) =>
          error instanceof LockedError &&
          error.message.includes(`process ${process.pid} since`) &&
          error.message.includes('./holdfast run rolling-update'),
      ),
    );
    assert.equal(await withLock(name, 'third', async () => 'free'), 'free');
  });

  it('is free after the work under it failed', async () => {
    const name = `test-${randomUUID()}`;
    await assert.rejects(
      withLock(name, 'first', () => Promise.reject(new Error('no engine'))),
      /no engine/,
    );
    assert.equal(await withLock(name, 'second', async () => 'free'), 'free');
  });
});
