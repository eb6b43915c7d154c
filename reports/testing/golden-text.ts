import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Asserts that `text` is what a file below reports/ holds. With RENEW_GOLDEN=1 the file is written instead, to be read in the diff.
 */
export function assertGolden(name: string, text: string): void {
  const file = new URL(`../${name}`, import.meta.url);
  if (process.env.RENEW_GOLDEN === '1') writeFileSync(file, text);
  const known = existsSync(file) ? readFileSync(file, 'utf8') : '';
  assert.equal(
    text,
    known,
    `reports/${name} differs. If the change is meant: RENEW_GOLDEN=1 npx mocha 'reports/**/*.test.ts'`,
  );
}
