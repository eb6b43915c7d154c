import assert from 'node:assert/strict';
import type { Cause } from '../../model/cause.ts';
import type { Demand, Expectation, Role } from '../../model/experiment.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { podEvent } from '../../testing/worlds/one-of-each.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { Buckets } from '../evidence/buckets.ts';
import { KindOfTraffic } from '../evidence/kind-of-traffic.ts';
import { TimeBitmap } from '../evidence/time-bitmap.ts';
import { Timeline } from '../timeline/timeline.ts';
import { demanded } from './demands.ts';
import { lossAsExpected } from './failures.ts';

const phases = {
  warmup: { from: 0, to: 1e6 },
  baseline: { from: 1e6, to: 2e6 },
  fault: { from: 2e6, to: 12e6 },
  tail: { from: 12e6, to: 14e6 },
};

/** An arm with replicas on separate nodes, whose fault phase lost requests for one cause. */
function evidenceOf(failed: number, cause: Cause, replicas = 1): ArmEvidence {
  const timeline = new Timeline();
  for (let index = 0; index < replicas; index++) {
    timeline.see(podEvent(500_000, `web-${index}`, { node: `w${index}`, type: 'added' }));
  }
  const judged = { from: 1e6, to: 14e6 };
  const [buckets, answered] = [new Buckets(judged), new TimeBitmap(judged)];
  const failures = Array.from({ length: failed }, (_, nth) => {
    const start = 3e6 + nth * 300_000;
    const request = { id: `fresh-${nth}`, gen: 'fresh', conn: 'fresh', start, end: start + 700 };
    buckets.fail(request.start, cause);
    return { request, cause, why: () => ({ words: 'lost' }), phase: 'fault' };
  });
  for (const at of failed > 0 ? [] : [3e6, 4e6]) {
    buckets.answer(at);
    answered.see(at);
  }
  const intent = { fault: 'rollout', plan: {} };
  timeline.see({ at: 2_100_000, source: 'fault', type: 'intent', subject: 'it', data: intent });
  const late = { quantile: () => 1 };
  const generators = [{ gen: 'fresh', total: 100, late }];
  const landings = { of: () => undefined };
  const kinds = [new KindOfTraffic('fresh', judged)];
  const machine = { stalls: [], stolen: { judged: {} } };
  const clockDifferences = { pods: new Set(), why: undefined };
  const traffic = { buckets, answered, kinds, failures, generators, machine, clockDifferences };
  const parts = { plan: { disruptions: [] }, phases, timeline, landings, ...traffic };
  return parts as unknown as ArmEvidence;
}

const disruptions = [{ id: 'it' }];
const ask = (role: Role, expect: Expectation, evidence: ArmEvidence) =>
  lossAsExpected({ role, expect, disruptions } as unknown as ArmPlan).ask(evidence);

/**
 * For each kind of expectation: an arm that meets it, one that does not, and what such an experiment could not detect.
 */
const kinds: {
  readonly [kind in Exclude<Expectation['kind'], 'observed'>]: {
    readonly expect: Expectation;
    readonly asDeclared: ArmEvidence;
    readonly not: ArmEvidence;
    readonly unseen: string;
  };
} = {
  'no-loss': {
    expect: { kind: 'no-loss' },
    asDeclared: evidenceOf(0, 'no-endpoint'),
    not: evidenceOf(8, 'no-endpoint'),
    unseen: 'difference',
  },
  loss: {
    expect: { kind: 'loss', atLeast: 8, causes: ['no-endpoint'] },
    asDeclared: evidenceOf(8, 'no-endpoint'),
    not: evidenceOf(20, 'http-error'),
    unseen: 'loss',
  },
  outage: {
    expect: { kind: 'outage', atLeastMs: 2000, causes: ['no-endpoint'] },
    asDeclared: evidenceOf(8, 'no-endpoint'),
    not: evidenceOf(0, 'no-endpoint'),
    unseen: 'outage',
  },
  'bounded-loss': {
    expect: { kind: 'bounded-loss', causes: ['node-down'], afterwards: [], windowMs: 5000, shareAtMost: 0.5 },
    asDeclared: evidenceOf(0, 'node-down'),
    not: evidenceOf(8, 'no-endpoint'),
    unseen: 'loss',
  },
  placement: {
    expect: { kind: 'placement', nodesAtLeast: 1, nodesAtMost: 1 },
    asDeclared: evidenceOf(0, 'node-down', 1),
    not: evidenceOf(0, 'node-down', 3),
    unseen: 'difference',
  },
};

describe('an unprotected arm', () => {
  for (const [kind, { expect, asDeclared, not, unseen }] of Object.entries(kinds)) {
    it(`that is not as declared shows that the experiment cannot detect the loss: ${kind}`, () => {
      assert.equal(ask('unprotected', expect, asDeclared).verdict, 'pass');
      const { verdict, measured } = ask('unprotected', expect, not);
      assert.equal(verdict, 'inconclusive');
      assert.match(measured, new RegExp(`\\. This experiment cannot detect the ${unseen}$`));
    });

    it(`would fail if it were a treatment: ${kind}`, () => {
      const { verdict, measured } = ask('treatment', expect, not);
      assert.equal(verdict, 'fail');
      assert.doesNotMatch(measured, /This experiment/);
    });
  }

  it('that does not miss its other demands cannot detect the difference', () => {
    const demand: Demand = { kind: 'running-at-end', atLeast: 2 };
    const of = (role: Role) => demanded(demand, role).ask({ ...evidenceOf(0, 'node-down', 1), phases });
    assert.equal(of('treatment').verdict, 'fail');
    assert.equal(of('unprotected').verdict, 'inconclusive');
    assert.match(of('unprotected').measured, /\. This experiment cannot detect the difference$/);
  });
});

describe('a treatment that must lose no request', () => {
  const expect: Expectation = { kind: 'no-loss' };
  const lost = (...causes: Cause[]): ArmEvidence => {
    const [first] = evidenceOf(1, 'no-endpoint').failures;
    const failures = causes.map((cause) => ({ ...first, cause }));
    return { ...evidenceOf(0, 'no-endpoint'), failures } as unknown as ArmEvidence;
  };

  it('fails because of one loss with a known cause, whatever else was lost', () => {
    assert.equal(ask('treatment', expect, lost('killed-in-flight')).verdict, 'fail');
    assert.equal(ask('treatment', expect, lost('unattributed', 'killed-in-flight')).verdict, 'fail');
  });

  it('is inconclusive if only unattributed or generator failures were lost', () => {
    const { verdict, measured } = ask('treatment', expect, lost('unattributed', 'generator-fault'));
    assert.equal(verdict, 'inconclusive');
    assert.match(measured, /2 failed requests/);
  });

  it('is inconclusive if requests failed before the fault too', () => {
    const evidence = lost('killed-in-flight', 'killed-in-flight');
    const [first, ...rest] = evidence.failures;
    const early = { ...first, request: { ...first?.request, start: 1.5e6, end: 1.6e6 }, phase: 'baseline' };
    const before = { ...evidence, failures: [early, ...rest] } as unknown as ArmEvidence;
    assert.equal(ask('treatment', expect, before).verdict, 'inconclusive');
  });

  it('is inconclusive if there was no fault', () => {
    const plan = { role: 'treatment', expect, disruptions: [] } as unknown as ArmPlan;
    assert.equal(lossAsExpected(plan).ask(lost('http-error')).verdict, 'inconclusive');
    assert.equal(lossAsExpected(plan).ask(lost()).verdict, 'pass');
  });
});
