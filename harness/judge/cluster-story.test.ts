import assert from 'node:assert/strict';
import type { EventSource, RecordedEvent } from '../model/event.ts';
import type { Json } from '../model/units.ts';
import type { ArmEvidence } from './arm/arm-evidence.ts';
import { clusterStoryOf } from './cluster-story.ts';
import { Landings } from './timeline/landings.ts';
import { Timeline } from './timeline/timeline.ts';

const phases = {
  warmup: { from: 0, to: 10 },
  baseline: { from: 10, to: 20 },
  fault: { from: 20, to: 90 },
  tail: { from: 90, to: 100 },
};
const fault = (name: string) => ({ name, params: {} });
const disruptions = [
  { id: 'empty-w1', fault: fault('drain') },
  { id: 'power-cut', fault: fault('node-kill') },
  { id: 'never', fault: fault('drain') },
  { id: 'partition', fault: fault('node-partition') },
];

type Seen = readonly [at: number, source: EventSource, type: string, subject: string, data: Json];

/** The story of these events, which are in order of time: time, source, type, subject, data. */
function storyOf(events: readonly Seen[]) {
  const timeline = new Timeline();
  const landings = new Landings();
  for (const [at, source, type, subject, data] of events) {
    const kind = source === 'k8s-event' ? { kind: 'Pod', name: subject } : {};
    const event: RecordedEvent = { at, source, type, subject, ...kind, data };
    timeline.see(event);
    landings.see(event);
  }
  return clusterStoryOf({ plan: { disruptions }, phases, timeline, landings } as unknown as ArmEvidence);
}

const node = (ready: string, unschedulable = false) => ({ ready, unschedulable, taints: [], conditions: [] });
const pod = (on: string) => ({
  node: on,
  ip: '',
  phase: 'Running',
  ready: true,
  version: '1',
  terminating: false,
  graceSeconds: null,
  containers: [],
});
const answer = (code: number) => ({ disruption: 'empty-w1', node: 'w1', code, message: code === 429 ? 'needs 1' : '' });
const budget = (currentHealthy: number) => ({
  desiredHealthy: 1,
  currentHealthy,
  expectedPods: 2,
  disruptionsAllowed: currentHealthy - 1,
});
const drainPlan = {
  nodes: [{ name: 'w1', wasCordoned: false }],
  namespace: 'arm',
  pods: [{ name: 'web-1', node: 'w1', namespace: 'arm' }],
  retryMs: 1,
  timeLimitMs: 1,
  finishes: true,
};
const unplaced = { kind: 'Pod', reason: 'FailedScheduling', message: '0/2 nodes are available', type: 'Warning' };

const story = storyOf([
  [11, 'node', 'added', 'w1', node('True')],
  [11, 'node', 'added', 'w2', node('True')],
  [12, 'pod', 'added', 'web-1', pod('w1')],
  [12, 'pod', 'added', 'web-2', pod('w2')],
  [12, 'pod', 'added', 'web-3', pod('w2')],
  [13, 'budget', 'added', 'web', budget(2)],
  [20, 'fault', 'intent', 'empty-w1', { fault: 'drain', plan: drainPlan, faithfulTo: 'kubectl drain' }],
  [21, 'node', 'modified', 'w1', node('True', true)],
  [22, 'eviction', 'refused', 'web-1', answer(429)],
  [27, 'eviction', 'allowed', 'web-1', answer(201)],
  [28, 'budget', 'modified', 'web', budget(1)],
  [29, 'budget', 'modified', 'web', budget(1)],
  [30, 'pod', 'deleted', 'web-1', pod('w1')],
  [31, 'fault', 'landed', 'empty-w1', { fault: 'drain' }],
  [33, 'k8s-event', 'added', 'web-4', unplaced],
  [34, 'k8s-event', 'modified', 'web-4', unplaced],
  [35, 'fault', 'healed', 'empty-w1', { fault: 'drain' }],
  [36, 'node', 'modified', 'w1', node('True')],
  [40, 'fault', 'intent', 'power-cut', { fault: 'node-kill', plan: { nodes: [{ name: 'w2' }] } }],
  [42, 'container', 'modified', 'w2', { state: 'exited', exitCode: 137 }],
  [60, 'node', 'modified', 'w2', node('Unknown')],
  [70, 'container', 'modified', 'w2', { state: 'running', exitCode: null }],
]);

describe('the story of a cluster', () => {
  it('has each disruption from its intent until it was undone, and when it landed', () => {
    assert.deepEqual(story.disruptions, [
      {
        id: 'empty-w1',
        fault: 'drain',
        faithfulTo: 'kubectl drain',
        from: 20,
        to: 35,
        landed: { at: 30, saw: 'w1 drained: 1 pods evicted and gone, after 1 refusals' },
      },
      {
        id: 'power-cut',
        fault: 'node-kill',
        faithfulTo: '',
        from: 40,
        to: 90,
        landed: { at: 60, saw: 'w2 off, and not Ready' },
      },
    ]);
  });

  it('has the nodes’ states by the API and the container engine, and the disruptions that disturbed them', () => {
    assert.deepEqual(story.nodes, [
      {
        node: 'w1',
        spans: [
          { state: 'ready', from: 11, to: 21 },
          { state: 'cordoned', from: 21, to: 36 },
          { state: 'ready', from: 36 },
        ],
        outages: [],
        takenBy: ['empty-w1'],
      },
      {
        node: 'w2',
        spans: [
          { state: 'ready', from: 11, to: 60 },
          { state: 'unknown', from: 60 },
        ],
        outages: [{ state: 'powered off', from: 42, to: 70 }],
        takenBy: ['power-cut'],
      },
    ]);
  });

  /** Both nodes report every second, w1 not from 10 to 30 s. Then the API server is down. */
  const silent = (more: readonly Seen[] = []) =>
    storyOf(
      [
        [11, 'node', 'added', 'w1', node('True')] as const,
        [11, 'node', 'added', 'w2', node('True')] as const,
        [12, 'api-server', 'answer', 'api-server', { ready: true, reason: '' }] as const,
        ...Array.from({ length: 40 }, (_, second) =>
          ['w1', 'w2']
            .filter((name) => name === 'w2' || second < 10 || second > 30)
            .map((name): Seen => [second * 1e6, 'lease', 'modified', name, { renewed: '' }]),
        ).flat(),
        [40e6, 'api-server', 'answer', 'api-server', { ready: false, reason: 'refused' }] as const,
        ...more,
      ].toSorted(([one], [other]) => one - other),
    );

  it('has a running node without contact, and the state of the API server', () => {
    const { nodes, apiServer } = silent();
    assert.deepEqual(
      nodes.map(({ outages }) => outages),
      [[{ state: 'not heard of', from: 9e6, to: 31e6 }], []],
    );
    assert.deepEqual(apiServer, [
      { state: 'ready', from: 12, to: 40e6 },
      { state: 'down', from: 40e6 },
    ]);
  });

  it('says that a node was cut off if a disruption did that', () => {
    const plan = { nodes: [{ name: 'w1' }], way: 'all', apiServer: '' };
    const { nodes } = silent([
      [9e6, 'fault', 'intent', 'partition', { fault: 'node-partition', plan }],
      [25e6, 'node', 'modified', 'w1', node('Unknown')],
    ]);
    assert.deepEqual(nodes[0]?.outages, [{ state: 'cut off', from: 9e6, to: 31e6 }]);
    assert.deepEqual(nodes[0]?.takenBy, ['partition']);
  });

  it('has every answer of the Eviction API and every change of a budget', () => {
    const asked = { pod: 'web-1', disruption: 'empty-w1', node: 'w1' };
    assert.deepEqual(story.evictions, [
      { at: 22, ...asked, code: 429, message: 'needs 1' },
      { at: 27, ...asked, code: 201, message: '' },
    ]);
    assert.deepEqual(story.budgets, [
      {
        budget: 'web',
        changes: [
          { at: 13, ...budget(2) },
          { at: 28, ...budget(1) },
        ],
      },
    ]);
  });

  it('has each unschedulable pod once, and the placement of the replicas', () => {
    assert.deepEqual(story.unscheduled, [{ at: 33, pod: 'web-4', reason: unplaced.message }]);
    assert.deepEqual(story.placement, [{ node: 'w2', pods: ['web-2', 'web-3'] }]);
  });
});
