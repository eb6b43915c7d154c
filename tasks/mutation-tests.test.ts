import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from '../harness/sys/paths.ts';
import { signalsItsGroup, testsNear, testsOfLayers } from './mutation-tests.ts';

const imports: { readonly [file: string]: readonly string[] } = {
  'harness/judge/judge.test.ts': ['harness/judge/judge.ts'],
  'harness/judge/checks/check.test.ts': ['harness/judge/checks/check.ts'],
  'harness/cli/judge.test.ts': ['harness/judge/checks/check.ts'],
  'harness/record/undo/undo.test.ts': ['harness/record/undo/undo.ts', 'harness/record/testing/lab.ts'],
  'harness/testing/damages/damages.test.ts': ['harness/testing/damages/damage-tests.ts'],
  'harness/testing/damages/damage-tests.ts': ['harness/testing/damages/edit.ts', 'harness/judge/judge.ts'],
  'harness/testing/damages/edit.ts': ['harness/testing/damages/damage-tests.ts'],
  'harness/testing/worlds/words.test.ts': ['harness/run/run.ts'],
  'harness/run/run.ts': ['harness/judge/judge.ts'],
  'harness/testing/drill/drill.test.ts': ['harness/record/testing/lab.ts'],
  'harness/record/testing/lab.ts': ['harness/record/lab/lab.ts'],
};
const importsOf = (file: string) => imports[file] ?? [];
const tests = Object.keys(imports).filter((file) => file.endsWith('.test.ts'));

describe('the tests of a mutant', () => {
  it('are near if they lie next to its file or import it', () => {
    assert.deepEqual(testsNear(['harness/judge/checks/check.ts'], tests, importsOf), [
      'harness/judge/checks/check.test.ts',
      'harness/cli/judge.test.ts',
    ]);
    assert.deepEqual(testsNear(['harness/judge/story.ts'], tests, importsOf), ['harness/judge/judge.test.ts']);
  });

  it('are all tests of its layer, then those of harness/testing that reach the layer through fixtures only', () => {
    assert.deepEqual(testsOfLayers(['harness/judge/checks/check.ts'], tests, importsOf), [
      'harness/judge/judge.test.ts',
      'harness/judge/checks/check.test.ts',
      'harness/testing/damages/damages.test.ts',
    ]);
    assert.deepEqual(testsOfLayers(['harness/record/lab/lab.ts'], tests, importsOf), [
      'harness/record/undo/undo.test.ts',
      'harness/testing/drill/drill.test.ts',
    ]);
  });

  it('are none if the code signals its own process group', () => {
    const codeOf = (file: string) => readFileSync(join(checkoutDir(), file), 'utf8');
    assert.ok(signalsItsGroup(codeOf('harness/record/undo/failpoint.ts')));
    assert.ok(!signalsItsGroup(codeOf('harness/sys/lock.ts')));
  });
});
