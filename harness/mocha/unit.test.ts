import assert from 'node:assert/strict';
import { join } from 'node:path';
import { exec } from '../sys/exec.ts';
import { checkoutDir } from '../sys/paths.ts';
import { hermeticFiles, testFiles } from './run-mocha.ts';

describe('npm run unit', function () {
  this.timeout(60_000);

  const cwd = checkoutDir();
  const unit = (...args: readonly string[]) => exec('npm', ['run', '--silent', 'unit', '--', ...args], { cwd });

  it('runs the test file that it is given and no other', async () => {
    const { stdout } = await unit('harness/model/claim.test.ts', '--reporter', 'json');
    const { tests }: { readonly tests: readonly { readonly file: string }[] } = JSON.parse(stdout);
    assert.equal(tests.length, 3);
    assert.deepEqual(new Set(tests.map(({ file }) => file)), new Set([join(cwd, 'harness/model/claim.test.ts')]));
  });

  it('finds its files as ./holdfast test --hermetic does: all of them, or those of a folder', () => {
    assert.deepEqual(hermeticFiles([]), testFiles('hermetic'));
    const inPlan = testFiles('hermetic').filter((file) => file.startsWith(join(cwd, 'harness/plan/')));
    assert.ok(inPlan.length > 0);
    assert.deepEqual(hermeticFiles([join(cwd, 'harness/plan')]), inPlan);
  });

  it('refuses a file that is not a hermetic test', async () => {
    for (const path of ['harness/model/claim.ts', 'clusters/cluster/cluster.lab.test.ts', 'harness/mod'])
      assert.throws(() => hermeticFiles([join(cwd, path)]), /is not a hermetic test file/);
    await assert.rejects(unit('nowhere'), /nowhere is not a hermetic test file, and no folder that has one/);
  });
});
