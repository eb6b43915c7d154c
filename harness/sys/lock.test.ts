import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { LockedError, takeLock } from './lock.ts';

describe('lock', () => {
  it('names its holder to the second one, and is free afterwards', async () => {
    const name = `test-${randomUUID()}`;
    {
      await using _held = await takeLock(name, './holdfast run rolling-update');
      await assert.rejects(
        takeLock(name, 'another'),
        (error) =>
          error instanceof LockedError &&
          error.message.includes(`process ${process.pid} since`) &&
          error.message.includes('./holdfast run rolling-update'),
      );
    }
    await using _again = await takeLock(name, 'third');
  });
});
