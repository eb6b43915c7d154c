import assert from 'node:assert/strict';
import { type CheckWords, checkInWords, checkKey, checks } from './checks.ts';

const all: readonly (readonly [string, CheckWords])[] = Object.entries(checks);

describe('checks', () => {
  it('have an id in kebab-case and different texts', () => {
    for (const [id, { title, asks, ifInconclusive }] of all) {
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
      assert.match(title, /^[A-Z].*[^.]$/, id);
      assert.match(asks, /^[A-Z].*[?.]$/, id);
      assert.match(ifInconclusive, /^[A-Z].*\.$/, id);
    }
    const different = (list: readonly string[]) => assert.equal(new Set(list).size, list.length);
    different(all.map(([, { title }]) => title));
    different(all.flatMap(([, { formerly = [] }]) => formerly));
  });

  it('are compared by id and subject, and shown by title', () => {
    assert.equal(checkKey({ check: 'exposed' }), 'exposed');
    assert.equal(checkKey({ check: 'fault-landed', of: 'drain' }), 'fault-landed: drain');
    assert.equal(checkInWords({ check: 'fault-landed', of: 'drain' }), 'The fault takes effect: drain');
    assert.equal(checkInWords({ check: 'no check of today' }), 'no check of today');
    assert.equal(checkInWords({ check: 'toString' }), 'toString');
  });
});
