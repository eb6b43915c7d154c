import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Asserts that `text` equals a file below reports/. If RENEW_GOLDEN=1 is set, the file is written instead, so that the
 * change can be read in the diff.
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
