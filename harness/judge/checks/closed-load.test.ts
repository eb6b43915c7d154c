import assert from 'node:assert/strict';
import type { Finding } from '../../model/finding.ts';
import { byHand, fieldsOf, readRow, writeRow } from '../../testing/damages/by-hand.ts';
import { type Edit, lines, oneAfterAnother, replaced } from '../../testing/damages/edit.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { judgeArm } from '../judge.ts';

const requests = /^requests-/;

/** The rows of a generator that sends after each answer. By any schedule they would be late. */
const closed: Edit = oneAfterAnother(
  byHand(requests, (rows) => rows.map((row) => ({ ...row, due: row.due - 90_000 }))),
  lines(requests, ([first = '', ...rest]) => {
    const fields = fieldsOf(first);
    const left = fields.filter((field) => field !== 'due');
    const rows = rest.slice(0, -1).map((line) => writeRow(readRow(line, fields), left));
    return [JSON.stringify({ ...JSON.parse(first), fields: left }), ...rows, rest.at(-1) ?? ''];
  }),
  replaced(requests, /"ratePerSecond":\d+,/g, ''),
);

describe('a closed load', () => {
  const { files } = syntheticArm('control', armSettings.control, { seed: 4 });
  const found = new Map<string, Finding>();
  // Not once before all: code that runs before all tests counts as untested in mutation tests.
  beforeEach(async () => {
    const { findings } = await withFolder(closed(files), judgeArm);
    for (const finding of findings) found.set(finding.check, finding);
  });
  const told = (check: string) => [found.get(check)?.verdict, found.get(check)?.measured ?? ''] as const;

  it('is named by the checks that need due times', () => {
    const [delivered, load] = told('load-delivered');
    assert.equal(delivered, 'pass');
    assert.match(load, /^fresh [\d,]+ sent, 0 dropped, closed load without due times; kept-alive/);
    const [measured, machine] = told('machine-could-measure');
    assert.equal(measured, 'pass');
    assert.match(machine, /^a closed load has no due times, /);
  });

  it('does not match a plan with a rate', () => {
    const [verdict, measured] = told('as-planned');
    assert.equal(verdict, 'inconclusive');
    assert.match(measured, /^fresh: planned 50\/s, and the load was closed: no request has a due time; kept-alive: /);
    assert.doesNotMatch(measured, /schedule|before they were due/);
  });
});
