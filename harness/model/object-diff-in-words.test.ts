import assert from 'node:assert/strict';
import { diffOf } from './object-diff.ts';
import { diffInWords, valueInWords, valuesInWords } from './object-diff-in-words.ts';
import type { Json } from './units.ts';

const change = (before: Json, after: Json) => ({ object: 'ConfigMap nginx', field: 'data.conf', before, after });

describe('differences in words', () => {
  it('are lines of a diff', () => {
    const base = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };
    const web = (spec: { readonly [field: string]: Json }) => ({ ...base, spec });
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web' },
      spec: { minAvailable: '50%' },
    };
    const before = web({ replicas: 3, lifecycle: { preStop: { sleep: { seconds: 5 } } } });
    assert.deepEqual(diffInWords(diffOf([before], [web({ replicas: 1, paused: true }), budget])), [
      '- Deployment web  spec.replicas: 3',
      '+ Deployment web  spec.replicas: 1',
      '- Deployment web  spec.lifecycle: { preStop: { sleep: { seconds: 5 } } }',
      '+ Deployment web  spec.paused: true',
      '+ PodDisruptionBudget web: { spec: { minAvailable: "50%" } }',
    ]);
  });

  it('quote what YAML would read as another value', () => {
    const plain = ['worker2', '/bin/sh', 'kubernetes.io/hostname', 'RollingUpdate'];
    assert.deepEqual(plain.map(valueInWords), plain);
    for (const text of [
      '',
      '1',
      '1e3',
      'true',
      'Yes',
      'null',
      '~',
      'a: b',
      'a #b',
      '- a',
      '&a',
      '*a',
      'a b',
      '2026-01-01',
    ])
      assert.equal(valueInWords(text), JSON.stringify(text));
    assert.equal(
      valueInWords({ a: [], b: {}, c: [1, null, 'x'], 'd e': false }),
      '{ a: [], b: {}, c: [1, null, x], "d e": false }',
    );
  });

  it('show of a long value 300 characters, and its length', () => {
    assert.equal(valueInWords('x'.repeat(300)), 'x'.repeat(300));
    assert.equal(valueInWords('x'.repeat(1_048_576)), `${'x'.repeat(300)}… (1,048,576 characters)`);
    const many = valueInWords(Array.from({ length: 100_000 }, (_, index) => index));
    assert.match(many, /^\[0, 1, 2, .*… \(688,890 characters\)$/);
    assert.ok(many.length < 400);
  });

  it('show the part of long values where they differ', () => {
    const text = (port: number, after: number) => `${'server; '.repeat(1000)}listen ${port};${' }'.repeat(after)}`;
    for (const after of [0, 1000]) {
      const { before = '', after: now = '' } = valuesInWords(change(text(80, after), text(81, after)));
      assert.match(before, /^….*listen 80;/);
      assert.match(now, /^….*listen 81;/);
      for (const words of [before, now]) assert.ok(words.length > 300 && words.length < 400, words);
    }
  });

  it('hold no control character, and no half of a character', () => {
    const hostile = '\u001b[31m\r\n\u202e\u2066\u200b\ufeff\u2028\ud83d</script>';
    const unprintable = /[\p{Cc}\p{Cs}]|\p{Bidi_Control}|[\u200b\u2028\u2029\ufeff]/u;
    const long = `${'a'.repeat(298)}${'😀'.repeat(300)}`;
    const lines = diffInWords([
      { object: hostile, field: hostile, before: hostile, after: { [hostile]: [hostile] } },
      change(long, `${long}b`),
      change(long, `a${long}`),
    ]);
    assert.equal(lines.length, 6);
    for (const line of lines) {
      assert.doesNotMatch(line, unprintable);
      assert.ok(line.length < 5000);
    }
  });
});
