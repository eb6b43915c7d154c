import assert from 'node:assert/strict';
import type { Finding } from '../../harness/model/finding.ts';
import type { RunPlan } from '../../harness/model/plan.ts';
import { failingRun } from '../testing/rollout-runs.ts';
import { whereToLook } from './where-to-look.ts';

let plan: RunPlan;
const finding = (look: string | undefined, at?: number): Finding => ({
  check: 'a check',
  verdict: 'fail',
  expected: 'this',
  measured: 'that',
  evidence: [{ text: 'no moment' }, ...(at === undefined ? [] : [{ at, text: 'a moment' }])],
  ...(look !== undefined && { look }),
});
const look = (...of: Parameters<typeof finding>) => whereToLook(finding(...of), plan, 'runs/x/arm/', 'arm');

describe('where to look', () => {
  before(async () => {
    plan = (await failingRun()).plan;
  });

  it('is the command that prints it, if there is one', () => {
    assert.equal(look('failed requests'), `./holdfast requests --failed ${plan.run} --arm arm`);
    assert.equal(look('requests'), `./holdfast requests ${plan.run} --arm arm`);
  });

  it('is a file and the first known time', () => {
    const at = Date.parse('2026-11-22T19:04:12.345Z') * 1000;
    assert.equal(look('events.ndjson', at), 'runs/x/arm/events.ndjson at 19:04:12.345');
    assert.equal(look('clock.ndjson'), 'runs/x/arm/clock.ndjson');
  });

  it('is the folder if the finding names no file', () => assert.equal(look(undefined, 1), 'runs/x/arm/'));
});
