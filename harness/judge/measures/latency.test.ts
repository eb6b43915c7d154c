import assert from 'node:assert/strict';
import type { Demand } from '../../model/experiment.ts';
import type { Request } from '../../model/request.ts';
import type { Ms } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { demanded } from '../checks/demands.ts';
import { GeneratorLoad } from '../evidence/load.ts';
import { addedLatency } from './latency.ts';

const phases = {
  warmup: { from: 0, to: 1e6 },
  baseline: { from: 1e6, to: 10e6 },
  fault: { from: 10e6, to: 20e6 },
  tail: { from: 20e6, to: 30e6 },
};

/** Durations of the answers of each phase. `failed` are failed requests that took long. */
interface Took {
  readonly baseline: readonly Ms[];
  readonly fault: readonly Ms[];
  readonly tail: readonly Ms[];
  readonly failed?: readonly Ms[];
}

function evidenceOf(took: Took): ArmEvidence {
  const load = new GeneratorLoad({ gen: 'fresh', file: 'requests-fresh.ndjson' }, { from: 0, to: 1e6 });
  const add = (phase: 'baseline' | 'fault' | 'tail', ms: Ms, code = 0) => {
    const request = { code, due: 0, start: 0, end: ms * 1000, attempt: 1, status: 200, pod: 'web-1', seq: load.rows };
    load.add(request as Request, phase);
  };
  for (const phase of ['baseline', 'fault', 'tail'] as const) for (const ms of took[phase]) add(phase, ms);
  for (const ms of took.failed ?? []) add('fault', ms, 1050);
  return { generators: [load], phases } as unknown as ArmEvidence;
}

/** Combines durations: `many` answers that took `ms`, for each part. */
const mixed = (...parts: readonly (readonly [many: number, ms: Ms])[]): Ms[] =>
  parts.flatMap(([many, ms]) => Array.from({ length: many }, () => ms));

const usual = mixed([980, 1], [20, 3]);

describe('added latency', () => {
  it('is how much longer answers took than in the baseline, at the median and at the 99th percentile', () => {
    const slower = evidenceOf({ baseline: usual, fault: mixed([980, 1.5], [20, 40]), tail: usual });
    const [measured] = addedLatency(slower);
    assert.deepEqual(measured, {
      gen: 'fresh',
      conn: 'unknown',
      baseline: { p50Ms: 1.1, p99Ms: 3.1 },
      fault: { p50Ms: 0.5, p99Ms: 37 },
      tail: { p50Ms: 0, p99Ms: 0 },
    });
  });

  it('counts only answers: a request that failed late is not a late answer', () => {
    const [measured] = addedLatency(
      evidenceOf({ baseline: usual, fault: usual, tail: usual, failed: mixed([90, 2000]) }),
    );
    assert.deepEqual(measured?.fault, { p50Ms: 0, p99Ms: 0 });
  });

  it('is unknown for a percentile that too few answers exceed', () => {
    const [measured] = addedLatency(evidenceOf({ baseline: usual, fault: mixed([299, 1]), tail: mixed([5, 1]) }));
    assert.deepEqual([measured?.fault, measured?.tail], [{ p50Ms: 0 }, {}]);
  });
});

describe('a demand for added latency', () => {
  const demand: Demand = { kind: 'added-latency', percentile: 99, atMostMs: 20 };
  const ask = (took: Took, role: 'treatment' | 'unprotected' = 'treatment') =>
    demanded(demand, role).ask(evidenceOf(took));

  it('is met below its bound and missed above it, in the fault phase and in the tail', () => {
    const slow = mixed([980, 1], [20, 40]);
    const holds = ask({ baseline: usual, fault: mixed([980, 1], [20, 20]), tail: usual });
    assert.deepEqual(
      [holds.verdict, holds.measured],
      ['pass', 'fresh +17.0 ms in the fault, fresh +0.0 ms in the tail'],
    );
    const broken = ask({ baseline: usual, fault: slow, tail: usual });
    assert.equal(broken.verdict, 'fail');
    assert.deepEqual(broken.evidence, [{ at: 10e6, text: 'fresh +37.0 ms in the fault' }]);
    assert.equal(ask({ baseline: usual, fault: usual, tail: slow }).verdict, 'fail');
    assert.equal(ask({ baseline: usual, fault: slow, tail: usual }, 'unprotected').verdict, 'inconclusive');
  });

  it('is undecided if there were too few answers, unless another bound is missed', () => {
    const few = mixed([10, 1]);
    assert.equal(ask({ baseline: usual, fault: few, tail: usual }).verdict, 'inconclusive');
    assert.equal(ask({ baseline: few, fault: usual, tail: usual }).verdict, 'inconclusive');
    assert.match(ask({ baseline: usual, fault: usual, tail: few }).measured, /too few answers to tell in the tail$/);
    assert.equal(ask({ baseline: usual, fault: mixed([500, 90]), tail: few }).verdict, 'fail');
  });
});
