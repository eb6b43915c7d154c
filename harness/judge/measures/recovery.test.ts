import assert from 'node:assert/strict';
import type { Role } from '../../model/experiment.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { demanded } from '../checks/demands.ts';
import { TimeBitmap } from '../evidence/time-bitmap.ts';
import { EndpointHistory } from '../timeline/endpoints.ts';
import { recoveryOf } from './recovery.ts';

const phases = {
  warmup: { from: 0, to: 1e6 },
  baseline: { from: 1e6, to: 10e6 },
  fault: { from: 10e6, to: 30e6 },
  tail: { from: 30e6, to: 40e6 },
};

/** The number of ready endpoints from each second on, and which of the requests failed that were sent each second. */
function evidenceOf(ready: readonly (readonly [from: number, count: number])[], failed: readonly number[] = []) {
  const endpoints = new EndpointHistory();
  for (const [from, count] of ready)
    endpoints.see(from * 1e6, 'web', {
      service: 'web',
      addressType: 'IPv4',
      endpoints: Array.from({ length: count }, (_, index) => ({
        ip: '',
        pod: `web-${index}`,
        uid: '',
        node: '',
        ready: true,
        serving: true,
        terminating: false,
      })),
    });
  const answered = new TimeBitmap({ from: phases.baseline.from, to: phases.tail.to });
  for (let second = 1; second < 40; second++) if (!failed.includes(second)) answered.see(second * 1e6);
  const failures = failed.map((second) => ({ request: { start: second * 1e6, conn: 'fresh' } }));
  const kinds = [{ conn: 'fresh', answered }];
  return { timeline: { endpoints }, phases, failures, answered, kinds } as unknown as ArmEvidence;
}

const three = [0, 3] as const;

describe('recovery', () => {
  it('ends when as many endpoints are ready as before and requests are answered', () => {
    const late = evidenceOf([three, [14, 2], [25, 3]], [12, 13, 18]);
    assert.deepEqual(recoveryOf(late), { from: 12e6, first: 'requests', last: 'endpoints', to: 25e6 });
    const failing = evidenceOf([three, [11, 2], [20, 3]], [22]);
    assert.deepEqual(recoveryOf(failing), { from: 11e6, first: 'endpoints', last: 'requests', to: 23e6 });
  });

  it('includes endpoints that are lost again', () =>
    assert.equal(recoveryOf(evidenceOf([three, [11, 2], [14, 3], [20, 1], [28, 4]]))?.to, 28e6));

  it('does not end while requests on one kind of connection fail, even if the other kind works', () => {
    const fresh = evidenceOf([three], [12, 13, 14, 15]);
    const keptAlive = new TimeBitmap({ from: phases.baseline.from, to: phases.tail.to });
    for (let second = 1; second < 40; second++) keptAlive.see(second * 1e6 + 500_000);
    const kinds = [...fresh.kinds, { conn: 'kept-alive', answered: keptAlive }];
    const both = { ...fresh, kinds, answered: keptAlive } as unknown as ArmEvidence;
    assert.deepEqual(recoveryOf(both), { from: 12e6, first: 'requests', last: 'requests', to: 16e6 });
  });

  it('has no end if the arm ended first', () => {
    assert.deepEqual(recoveryOf(evidenceOf([three, [11, 2]])), { from: 11e6, first: 'endpoints', last: 'endpoints' });
    assert.deepEqual(recoveryOf(evidenceOf([three], [38, 39])), { from: 38e6, first: 'requests', last: 'requests' });
  });

  it('is undefined if nothing was lost from the fault on', () => {
    assert.equal(recoveryOf(evidenceOf([three, [15, 4]])), undefined);
    assert.equal(
      recoveryOf(
        evidenceOf(
          [
            [0, 2],
            [5, 3],
          ],
          [4],
        ),
      ),
      undefined,
    );
  });

  it('is undefined if no endpoint was watched before the fault', () =>
    assert.equal(recoveryOf(evidenceOf([[12, 3]], [12])), undefined));
});

describe('a demand for recovery', () => {
  const ask = (seconds: number, evidence: ArmEvidence, role: Role = 'treatment') =>
    demanded({ kind: 'recovery', withinMs: seconds * 1000 }, role).ask(evidence);

  it('is met only in time', () => {
    const evidence = evidenceOf([three, [14, 2], [25, 3]], [12]);
    const { verdict, measured, evidence: lines } = ask(13, evidence);
    assert.equal(verdict, 'pass');
    assert.equal(measured, 'recovered 13.00 s after the first loss, when as many endpoints were ready as before');
    assert.deepEqual(lines, [
      { at: 12e6, text: 'a request failed' },
      { at: 25e6, text: 'as many endpoints were ready as before' },
    ]);
    assert.equal(ask(12, evidence).verdict, 'fail');
    assert.equal(ask(12, evidence, 'unprotected').verdict, 'inconclusive');
  });

  it('is undecided if the arm ended too soon', () => {
    const never = evidenceOf([three, [14, 2]]);
    assert.equal(ask(20, never).verdict, 'fail');
    assert.equal(ask(30, never).verdict, 'inconclusive');
    assert.match(ask(30, never).measured, /^not recovered 26\.00 s after the first loss, when the arm ended/);
  });

  it('is met if nothing was lost, and undecided if nothing was watched', () => {
    assert.equal(ask(1, evidenceOf([three])).verdict, 'pass');
    assert.equal(ask(1, evidenceOf([])).verdict, 'inconclusive');
  });
});
