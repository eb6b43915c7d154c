import assert from 'node:assert/strict';
import Mocha from 'mocha';
import noFault from '../../experiments/no-fault.ts';
import { suite } from '../suite.ts';

/** Defines suites in a separate mocha instance that does not run them. */
function defined(define: () => void): Mocha.Suite {
  const mocha = new Mocha({ timeout: 10, retries: 2 });
  const { describe, it, after } = globalThis;
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  try {
    define();
  } finally {
    Object.assign(globalThis, { describe, it, after });
  }
  return mocha.suite;
}

describe('the suite of holdfast/mocha', () => {
  it('has one test per arm and one for the whole experiment, in any mocha, without its timeouts and retries', () => {
    const outer = defined(() => describe('my tests', () => suite(noFault)));
    const [inner] = outer.suites[0]?.suites ?? [];
    assert.equal(inner?.title, 'Without a fault, no request fails');
    assert.deepEqual(inner.tests.map(({ title }) => title).sort(), [
      'again: the workload as it is, as declared',
      'control: the workload as it is, as declared',
      'the experiment passes',
    ]);
    for (const test of inner.tests) {
      assert.equal(test.timeout(), 0);
      assert.equal(test.retries(), 0);
    }
  });
});
