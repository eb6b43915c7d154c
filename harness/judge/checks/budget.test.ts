import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { BudgetState, EndpointState } from '../../model/event.ts';
import type { Budget } from '../../model/facts.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { Json, Ms } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { Connections } from '../evidence/connections.ts';
import { ServerLog } from '../evidence/server-log.ts';
import { judgeArm } from '../judge.ts';
import { Timeline } from '../timeline/timeline.ts';
import { budgetRespected } from './budget.ts';

const phases = {
  warmup: { from: 0, to: 1e6 },
  baseline: { from: 1e6, to: 10e6 },
  fault: { from: 10e6, to: 60e6 },
  tail: { from: 60e6, to: 66e6 },
};

interface OtherStatus {
  readonly healthy: number;
  readonly desired: number;
  readonly expected?: number;
}

/** Three healthy pods and a budget of two, and what happens to them; times in ms. */
class Drain {
  readonly #events: { readonly at: Ms; readonly see: (timeline: Timeline, at: number) => void }[] = [];
  #ready = ['web-1', 'web-2', 'web-3'];
  readonly #desired: number;
  readonly #others: readonly Budget[];

  constructor(desired = 2, others: readonly Budget[] = []) {
    this.#desired = desired;
    this.#others = others;
    for (const pod of ['web-1', 'web-2', 'web-3', 'web-4', 'web-5']) this.#pod(500, pod);
    this.endpoints(500, this.#ready).status(500, 3);
  }

  /** Sets the Service’s ready endpoints from then on. */
  endpoints(at: Ms, ready: string[]): this {
    this.#ready = ready;
    const endpoints = ready.map(
      (pod): EndpointState => ({ ip: '', pod, uid: pod, node: 'w', ready: true, serving: true, terminating: false }),
    );
    return this.#note(at, 'endpointslice', 'web', {
      service: 'web',
      addressType: 'IPv4',
      endpoints,
    } as unknown as Json);
  }

  /** Adds a status that the disruption controller wrote. */
  status(at: Ms, currentHealthy: number): this {
    const [desiredHealthy, expectedPods] = [this.#desired, 3];
    const disruptionsAllowed = Math.max(0, currentHealthy - desiredHealthy);
    const state: BudgetState = { desiredHealthy, currentHealthy, expectedPods, disruptionsAllowed };
    return this.#note(at, 'budget', 'web', { ...state });
  }

  /** Adds a status of another budget. */
  otherStatus(at: Ms, name: string, { healthy, desired, expected = 3 }: OtherStatus): this {
    const disruptionsAllowed = Math.max(0, healthy - desired);
    const state = { desiredHealthy: desired, currentHealthy: healthy, expectedPods: expected, disruptionsAllowed };
    return this.#note(at, 'budget', name, state);
  }

  answer(at: Ms, pod: string, code: number): this {
    return this.#note(at, 'eviction', pod, { disruption: 'drain', node: 'w', code, message: '' });
  }

  /** Allows an eviction. The API’s note, the endpoints and the controller show it shortly after. */
  evict(at: Ms, pod: string): this {
    const ready = this.#ready.filter((name) => name !== pod);
    return this.answer(at, pod, 201)
      .status(at + 1, this.#ready.length)
      .endpoints(at + 20, ready)
      .status(at + 40, ready.length);
  }

  judged(role: ArmPlan['role'] = 'treatment') {
    const timeline = new Timeline();
    for (const { at, see } of this.#events.toSorted((one, other) => one.at - other.at)) see(timeline, at * 1000);
    const plan = {
      workload: { owner: { name: 'web' }, facts: { budget: [{ minAvailable: this.#desired }, ...this.#others] } },
      disruptions: [{ id: 'drain', fault: { name: 'drain', params: {} } }],
      role,
    };
    const parts = {
      plan,
      timeline,
      phases,
      connections: new Connections(new Set()),
      serverLog: new ServerLog(new Set()),
    };
    return budgetRespected(plan as unknown as ArmPlan).ask(parts as unknown as ArmEvidence);
  }

  #pod(at: Ms, name: string): void {
    const containers: Json = [];
    const state = { node: 'w', ip: '', phase: 'Running', ready: true, version: '1', terminating: false };
    this.#note(at, 'pod', name, { ...state, graceSeconds: null, containers });
  }

  #note(at: Ms, source: 'pod' | 'endpointslice' | 'budget' | 'eviction', subject: string, data: Json): this {
    this.#events.push({
      at,
      see: (timeline, micros) => timeline.see({ at: micros, source, type: 'modified', subject, data }),
    });
    return this;
  }
}

describe('a disruption budget', () => {
  it('held if each eviction left enough pods and the next one waited for a replacement', () => {
    const { verdict, measured, evidence } = new Drain()
      .evict(11_000, 'web-1')
      .answer(11_005, 'web-2', 429)
      .answer(16_005, 'web-2', 429)
      .endpoints(26_000, ['web-2', 'web-3', 'web-4'])
      .status(26_005, 3)
      .evict(26_010, 'web-2')
      .judged();
    assert.equal(verdict, 'pass');
    assert.equal(measured, 'held: 2 evictions allowed, 2 refused; at the closest 2 healthy, 2 desired');
    assert.deepEqual(evidence, [
      { at: 11_005_000, text: 'the eviction of web-2 was refused, the first of 2' },
      { at: 16_005_000, text: 'the eviction of web-2 was refused, the last' },
    ]);
  });

  it('held if the replacement was reported after the answer that relied on it', () => {
    const drain = new Drain().evict(11_000, 'web-1').answer(26_000, 'web-2', 201);
    drain.status(26_050, 3).endpoints(26_100, ['web-2', 'web-3', 'web-4']).endpoints(26_200, ['web-3', 'web-4']);
    assert.equal(drain.status(26_300, 2).judged().verdict, 'pass');
  });

  it('was violated if two pods were evicted at once though one had to stay, even if the watch shows one change', () => {
    const drain = new Drain()
      .answer(11_000, 'web-1', 201)
      .answer(11_001, 'web-2', 201)
      .status(11_005, 3)
      .endpoints(11_030, ['web-3'])
      .status(11_060, 1);
    const { verdict, measured, evidence } = drain.judged();
    assert.equal(verdict, 'fail');
    assert.equal(
      measured,
      'violated: 1 eviction too many; 2 evictions allowed, 0 refused; at the closest 1 healthy, 2 desired',
    );
    assert.deepEqual(evidence, [
      { at: 11_001_000, text: 'the eviction of web-2 was allowed, which left 1 healthy of 2 desired' },
    ]);
    assert.equal(drain.judged('unprotected').verdict, 'inconclusive');
  });

  it('was violated if no disruption had been allowed for a long time', () =>
    assert.equal(
      new Drain().endpoints(8000, ['web-1', 'web-2']).status(8010, 2).evict(11_000, 'web-1').judged().verdict,
      'fail',
    ));

  it('was violated if its own status allowed none, even if the endpoints show more', () =>
    assert.equal(
      new Drain()
        .status(8000, 2)
        .answer(11_000, 'web-1', 201)
        .endpoints(11_020, ['web-2', 'web-3'])
        .status(11_030, 2)
        .judged().verdict,
      'fail',
    ));

  it('is not violated by an eviction that the controller allowed before it could know of a loss; this is noted', () => {
    const { verdict, measured, evidence } = new Drain()
      .endpoints(10_000, ['web-2', 'web-3'])
      .evict(11_000, 'web-2')
      .judged();
    assert.equal(verdict, 'pass');
    assert.match(
      measured,
      /^held: 1 eviction allowed, 0 refused; at the closest 1 healthy, 2 desired; 1 within 2\.00 s of a loss$/,
    );
    assert.match(evidence?.[0]?.text ?? '', /^the eviction of web-2 was allowed, which left 1 healthy of 2 desired$/);
  });

  it('is not violated by replicas that were lost without an eviction', () => {
    const drain = new Drain().answer(11_000, 'web-1', 429).endpoints(12_000, ['web-1']).status(12_010, 1);
    const { verdict, measured } = drain.judged();
    assert.equal(verdict, 'pass');
    assert.match(measured, /^blocked forever: .*at the closest 1 healthy, 2 desired$/);
  });

  it('is not used up by the eviction of an unhealthy pod', () => {
    const drain = new Drain().endpoints(8000, ['web-2', 'web-3']).status(8010, 2);
    assert.equal(drain.answer(11_000, 'web-1', 201).judged().verdict, 'pass');
  });

  it('blocks forever if every eviction was refused', () => {
    const drain = new Drain(3);
    for (let at = 11_000; at < 40_000; at += 5000) drain.answer(at, 'web-1', 429);
    const { verdict, measured } = drain.judged();
    assert.equal(verdict, 'pass');
    assert.equal(measured, 'blocked forever: 0 evictions allowed, 6 refused; at the closest 3 healthy, 3 desired');
  });

  it('was never exercised without evictions, which is inconclusive if a drain should have evicted', () => {
    const { verdict, measured } = new Drain().judged();
    assert.equal(verdict, 'inconclusive');
    assert.equal(measured, 'never exercised: no eviction was seen');
    assert.equal(new Drain().judged('unprotected').verdict, 'pass');
    const others = new Drain().answer(11_000, 'coredns-1', 201).answer(11_000, 'web-1', 404);
    assert.equal(others.judged().verdict, 'inconclusive');
  });

  for (const [name, measured] of [
    ['held', 'held: 3 evictions allowed, 7 refused; at the closest 2 healthy, 2 desired'],
    ['blocked', 'blocked forever: 0 evictions allowed, 6 refused; at the closest 3 healthy, 3 desired'],
  ] as const)
    it(`was ${name} in a drain of a real cluster`, async () => {
      const arm = join(import.meta.dirname, '../../testing/golden', `drain-budget-${name}`, 'inject', 'drain');
      const { findings, margins } = await judgeArm(arm);
      const finding = findings.find(({ check }) => check === 'budget-respected');
      assert.equal(finding?.verdict, 'pass');
      assert.equal(finding?.measured, measured);
      assert.equal(margins?.budget?.smallest, 0);
    });

  it('is inconclusive if a watch missed an allowed eviction', () => {
    const without = (drain: Drain) => drain.judged().measured;
    const lost = 'no watch saw that web-1 was evicted';
    assert.equal(without(new Drain().answer(11_000, 'web-1', 201).status(11_005, 3)), lost);
    assert.equal(without(new Drain().answer(11_000, 'web-1', 201).endpoints(11_020, ['web-2', 'web-3'])), lost);
  });
});

describe('several disruption budgets', () => {
  const strict: Budget = { name: 'strict', minAvailable: 2 };
  /** Counts the pods of another owner too. */
  const wide: Budget = { name: 'wide', minAvailable: 5, selector: { matchLabels: { tier: 'front' } } };

  it('are all named', () => {
    const { expected } = new Drain(1, [strict]).judged();
    assert.equal(expected, 'no eviction beyond minAvailable 1 and minAvailable 2');
  });

  it('must all be watched', () => {
    const { verdict, measured } = new Drain(1, [strict]).evict(11_000, 'web-1').judged();
    assert.deepEqual([verdict, measured], ['inconclusive', 'not watched: strict']);
  });

  it('that select the same pods make the API evict none, so they are not exercised', () => {
    const drain = new Drain(1, [strict]).otherStatus(500, 'strict', { healthy: 3, desired: 2 });
    const { verdict, measured } = drain.answer(11_000, 'web-1', 500).judged();
    assert.equal(verdict, 'inconclusive');
    assert.equal(measured, 'never exercised: the Eviction API evicts no pod that several budgets select');
  });

  it('demand what the strictest demands', () => {
    const drain = (others: readonly Budget[]) =>
      new Drain(1, others)
        .otherStatus(500, 'strict', { healthy: 3, desired: 2 })
        .endpoints(7000, ['web-1', 'web-2'])
        .status(7010, 2)
        .evict(11_000, 'web-1');
    assert.equal(drain([]).judged().verdict, 'pass');
    assert.equal(drain([strict]).judged().verdict, 'fail');
  });

  it('are violated if the status of one of them allowed none', () => {
    const drain = new Drain(1, [strict]).otherStatus(500, 'strict', { healthy: 2, desired: 2 });
    assert.equal(drain.evict(11_000, 'web-1').judged().verdict, 'fail');
  });

  it('are compared with the ready endpoints only if they select no other pods', () => {
    const drain = (healthy: number) =>
      new Drain(1, [wide]).otherStatus(500, 'wide', { healthy, desired: 5, expected: 7 }).evict(11_000, 'web-1');
    assert.equal(drain(7).judged().verdict, 'pass');
    assert.equal(drain(5).judged().verdict, 'fail');
  });
});
