import assert from 'node:assert/strict';
import type { PodState, WorkloadEvent } from '../../model/event.ts';
import type { Facts } from '../../model/facts.ts';
import { podEvent } from '../../testing/worlds/one-of-each.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { Timeline } from '../timeline/timeline.ts';
import { watchesMatchLogs } from './watches-match-logs.ts';

const phases = { tail: { from: 50e6, to: 60e6 } };
const facts = { readiness: { server: { httpGet: { port: 8080 } } }, preStop: { server: { sleepSeconds: 2 } } };
type Seen = readonly [second: number, type: string, change: Partial<PodState>];
type Logged = readonly [second: number, type: WorkloadEvent['type']];

/** The verdict on one pod, from the reports of the watch and the lines of its log. */
function verdictOf(seen: readonly Seen[], logged: readonly Logged[], other: Partial<Facts> = {}): string {
  const plan = { workload: { container: 'server', facts: { ...facts, ...other } } };
  const timeline = new Timeline();
  for (const [second, type, change] of seen) {
    timeline.see(podEvent(second * 1e6, 'web-1', { ready: false, type, ...change }));
  }
  for (const [second, type] of logged) timeline.seeLog({ at: second * 1e6, type, pod: 'web-1' });
  return watchesMatchLogs.ask({ timeline, phases, plan } as unknown as ArmEvidence).verdict;
}

const begun: readonly Logged[] = [
  [1, 'boot'],
  [2, 'listen'],
];
const ready: Seen = [2.5, 'modified', { ready: true }];
const deleted: Seen = [10, 'modified', { ready: true, terminating: true, graceSeconds: 30 }];

describe('the watch’s reports about a pod and the pod’s log', () => {
  it('agree if the watch reported each event shortly after it happened', () =>
    assert.equal(
      verdictOf([ready, deleted, [15.2, 'deleted', { terminating: true }]], [...begun, [12, 'sigterm'], [15, 'exit']]),
      'pass',
    ));

  it('disagree if a pod was seen ready before it listened, or gone before it exited', () => {
    assert.equal(verdictOf([[1.5, 'modified', { ready: true }]], begun), 'inconclusive');
    const early: Seen = [14, 'deleted', { terminating: true }];
    assert.equal(verdictOf([ready, deleted, early], [...begun, [12, 'sigterm'], [15, 'exit']]), 'inconclusive');
  });

  it('disagree if SIGTERM came long before the pod was seen terminating', () =>
    assert.equal(verdictOf([ready, deleted], [...begun, [10.5, 'sigterm']]), 'inconclusive'));

  it('agree if a pod without a probe, or with one that opens no connection, was ready before it listened', () => {
    const early: Seen = [1.5, 'modified', { ready: true }];
    assert.equal(verdictOf([early], begun, { readiness: {} }), 'pass');
    assert.equal(verdictOf([early], begun, { readiness: { proxy: { httpGet: { port: 8080 } } } }), 'pass');
    assert.equal(verdictOf([early], begun, { readiness: { server: { exec: { command: ['true'] } } } }), 'pass');
    assert.equal(verdictOf([early], begun, { readiness: { server: { tcpSocket: { port: 8080 } } } }), 'inconclusive');
  });

  it('agree if SIGTERM followed a preStop hook with no known length at once, and not if it came before', () => {
    const preStop = { server: { exec: ['/drain'] } };
    assert.equal(verdictOf([ready, deleted], [...begun, [10.1, 'sigterm']], { preStop }), 'pass');
    assert.equal(verdictOf([ready, deleted], [...begun, [8.5, 'sigterm']], { preStop }), 'inconclusive');
  });

  it('agree if the kubelet was slow, and if a pod was force-deleted', () => {
    assert.equal(verdictOf([ready, deleted], [...begun, [16, 'sigterm']]), 'pass');
    const byForce: Seen = [10, 'deleted', { terminating: true, graceSeconds: 0 }];
    assert.equal(verdictOf([ready, byForce], [...begun, [13, 'exit']]), 'pass');
  });
});
