import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checks } from '../model/checks.ts';
import { checkoutDir } from '../sys/paths.ts';

const holdfast = (...args: readonly string[]) =>
  spawnSync(join(checkoutDir(), 'holdfast'), args, { encoding: 'utf8', timeout: 30_000 });

describe('checks of the judge on the command line', () => {
  it('are listed, one per line, by id and title', () => {
    const { status, stdout } = holdfast('list', 'checks');
    assert.equal(status, 0);
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.length, Object.keys(checks).length);
    assert.match(stdout, /^clean-baseline +No request fails before the fault$/m);
  });

  it('are described by their id, and an unknown one is refused', () => {
    assert.match(holdfast('describe', 'check', 'clean-baseline').stdout, /^clean-baseline {2}No request fails/);
    const { status, stderr } = holdfast('describe', 'check', 'meteor');
    assert.equal(status, 2);
    assert.match(stderr, /^holdfast: unknown check meteor\. Checks: /);
  });
});
