import assert from 'node:assert/strict';
import type { RecordedEvent } from '../../../model/event.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { SignsOfLife } from '../../evidence/signs-of-life.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { readyPodsAgree } from './ready-pods.ts';
import { watchesAlive } from './watches.ts';

const second = 1e6;
type Told = readonly [at: number, source: string, type: string, subject: string, data?: object];

const phases = {
  warmup: { from: 0, to: 10 * second },
  baseline: { from: 10 * second, to: 20 * second },
  fault: { from: 20 * second, to: 50 * second },
  tail: { from: 50 * second, to: 60 * second },
};

const owner = { kind: 'Deployment', name: 'web' };

const evidenceOf = (told: readonly Told[], budget: readonly object[] = []): ArmEvidence => {
  const [timeline, signs] = [new Timeline(), new SignsOfLife()];
  const events = told.map(
    ([at, source, type, subject, data = {}]) => ({ at: at * second, source, type, subject, data }) as RecordedEvent,
  );
  for (const event of events.sort((one, other) => one.at - other.at)) {
    timeline.see(event);
    signs.see(event);
  }
  const showsLife = told.some(([, , type]) => type === 'alive');
  return {
    timeline,
    signs,
    showsLife,
    phases,
    plan: { workload: { owner, facts: { budget } } },
  } as unknown as ArmEvidence;
};

const every = (step: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

const watches = ['pod', 'endpointslice', 'deployment', 'k8s-event', 'budget', 'node', 'lease'];
const alive = (from: number, to: number, which: readonly string[] = watches): Told[] =>
  which.flatMap((watch) => every(5, from, to).map((at) => [at, 'watch', 'alive', watch] as const));
const reports = (from: number, to: number, node = 'w1'): Told[] =>
  every(4, from, to).map((at) => [at, 'node', 'modified', node, { ready: 'True', unschedulable: false }] as const);
const apiServer = (at: number, ready: boolean): Told => [at, 'api-server', ready ? 'ready' : 'down', '', { ready }];
const engine = (at: number, state: string, node = 'w1'): Told => [at, 'container', state, node, { state }];

const silent = (...told: readonly Told[]) => watchesAlive(evidenceOf(told)).map(({ text }) => text);

describe('watches', () => {
  it('show signs of life until the end of the tail', () => {
    assert.deepEqual(silent(...alive(1, 64)), []);
    const others = watches.filter((watch) => watch !== 'pod');
    assert.deepEqual(silent(...alive(1, 64, others), ...alive(1, 58, ['pod'])), [
      'the pod watch showed no sign of life after the tail',
    ]);
    assert.deepEqual(silent(...alive(1, 64, others), ...alive(1, 20, ['pod']), ...alive(61, 64, ['pod'])), [
      'the pod watch reported nothing for 44.00 s',
    ]);
  });

  it('on StatefulSets show them too, if there was one', () => {
    const told = alive(1, 64);
    const evidence = { ...evidenceOf(told), watchesStatefulSets: true };
    assert.deepEqual(
      watchesAlive(evidence).map(({ text }) => text),
      [
        'the statefulset watch reported nothing for 50.00 s',
        'the statefulset watch showed no sign of life after the tail',
      ],
    );
    const all = evidenceOf([...told, ...alive(1, 64, ['statefulset'])]);
    assert.deepEqual(watchesAlive({ ...all, watchesStatefulSets: true }), []);
  });

  it('need not do so in older recordings, except for objects that are updated at regular intervals', () => {
    assert.deepEqual(silent(), []);
    assert.deepEqual(silent(...reports(0, 60)), []);
    assert.deepEqual(silent(...reports(0, 30)), ['the node watch reported nothing for 32.00 s']);
  });

  it('cannot while the API server is down', () => {
    assert.deepEqual(silent(...reports(0, 22), apiServer(0, true), apiServer(23, false), apiServer(52, true)), []);
    assert.deepEqual(silent(...reports(0, 22), apiServer(0, true), apiServer(23, false), apiServer(30, true)), [
      'the node watch reported nothing for 32.00 s',
    ]);
    assert.deepEqual(silent(...alive(1, 46), apiServer(0, true), apiServer(50, false)), []);
  });

  it('report no heartbeats while no node runs', () => {
    const off = [...reports(0, 20), engine(21, 'exited')];
    assert.deepEqual(silent(...off), []);
    assert.deepEqual(silent(...off, ...reports(1, 60, 'w2')), []);
    assert.deepEqual(silent(...off, ...reports(1, 20, 'w2')), ['the node watch reported nothing for 40.00 s']);
  });
});

const pod = (at: number, name: string, ready: boolean): Told => [
  at,
  'pod',
  'modified',
  name,
  { node: '', ip: '', ready, version: '1', terminating: false, containers: [], graceSeconds: null },
];
const slice = (at: number, ...pods: readonly string[]): Told => [
  at,
  'endpointslice',
  'modified',
  'web-x',
  {
    service: 'web',
    endpoints: pods.map((each) => ({ ip: '', pod: each, node: '', ready: true, serving: true, terminating: false })),
  },
];
const budget = (at: number, currentHealthy: number): Told => [
  at,
  'budget',
  'modified',
  'web',
  { desiredHealthy: 1, currentHealthy, expectedPods: 2, disruptionsAllowed: 0 },
];

const differ = (...told: readonly Told[]) =>
  readyPodsAgree(evidenceOf(told, [{ minAvailable: 1 }])).map(({ at = 0, text }) => `${at / second}: ${text}`);

describe('ready pods', () => {
  const begun = [pod(1, 'one', true), pod(1, 'two', true), slice(1.2, 'one', 'two'), budget(1.1, 2)];

  it('are the same in pods, endpoints and budget', () => {
    assert.deepEqual(differ(...begun), []);
    const lost = [pod(30, 'two', false), slice(31, 'one'), budget(29.5, 1)];
    assert.deepEqual(differ(...begun, ...lost), []);
  });

  it('may not differ for long, nor at the end', () => {
    assert.deepEqual(differ(...begun, pod(30, 'two', false), budget(30, 1)), [
      '33.000001: 2 ready endpoints, but 1 by the pod watch',
    ]);
    assert.deepEqual(differ(...begun, slice(30, 'one')), ['33: 1 ready endpoint, but 2 by the pod watch']);
    assert.deepEqual(differ(...begun, pod(30, 'two', false), slice(30, 'one')), [
      '33.000001: 2 ready pods by the budget’s status, but 1 by the pod watch',
    ]);
    const back = [pod(30, 'two', false), pod(40, 'two', true), budget(30, 1), budget(40, 2)];
    assert.deepEqual(differ(...begun, ...back), ['33.000001: 2 ready endpoints, but 1 by the pod watch']);
    const otherOrder = [
      pod(30, 'two', false),
      pod(30.1, 'new', true),
      slice(30, 'one', 'two', 'new'),
      slice(30.3, 'one', 'new'),
    ];
    assert.deepEqual(differ(...begun, ...otherOrder), []);
    const atOnce = [pod(30, 'two', false), pod(31, 'two', true)];
    assert.deepEqual(differ(...begun, ...atOnce), []);
  });

  it('may differ while the API server is down', () =>
    assert.deepEqual(
      differ(
        ...begun,
        apiServer(0, true),
        apiServer(29, false),
        apiServer(44, true),
        pod(30, 'two', false),
        slice(46, 'one'),
        budget(46, 1),
      ),
      [],
    ));
});
