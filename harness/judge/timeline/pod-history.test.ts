import assert from 'node:assert/strict';
import type { ContainerState, PodState, WorkloadEvent } from '../../model/event.ts';
import { PodHistory } from './pod-history.ts';
import { runningPod } from './testing/running-pod.ts';

const over = (end: { readonly reason: string; readonly exitCode: number | null }): ContainerState => ({
  ...container,
  ...end,
  state: 'terminated',
  restartCount: 0,
  ended: null,
});

const container = { name: 'server', ready: true, reason: '', exitCode: null };
const killed = { reason: 'OOMKilled', exitCode: 137 };

/** A pod with this log, whose watch reports a restart at 6.1 s. */
function restarted(log: readonly [WorkloadEvent['type'], number][]): PodHistory {
  const pod = new PodHistory('web-1');
  const see = (at: number, restartCount: number) =>
    pod.seePod(at, 'modified', {
      node: 'w1',
      ip: '10.244.0.10',
      phase: 'Running',
      ready: true,
      revision: '',
      version: '',
      terminating: false,
      graceSeconds: null,
      containers: [{ ...container, state: 'running', restartCount, ended: restartCount > 0 ? killed : null }],
    });
  see(0.5e6, 0);
  see(6.1e6, 1);
  for (const [type, second] of log) pod.seeLog({ at: second * 1e6, type, pod: 'web-1' });
  return pod;
}

/**
 * A pod with two containers. The watch reports the restarts of each, and whether the sidecar has ended, second by
 * second.
 */
function withSidecar(
  seen: readonly { readonly at: number; readonly server: number; readonly sidecar: number; readonly over?: boolean }[],
): PodHistory {
  const pod = new PodHistory('web-1');
  for (const { at, server, sidecar, over = false } of seen) {
    const state = { node: 'w1', ip: '10.244.0.10', phase: 'Running', ready: true, revision: '', version: '' };
    const of = (name: string, restartCount: number, isOver: boolean) =>
      ({
        ...container,
        name,
        restartCount,
        state: isOver ? 'terminated' : 'running',
        ended: restartCount > 0 ? killed : null,
      }) as const;
    const containers = [of('server', server, false), of('sidecar', sidecar, over)];
    pod.seePod(at * 1e6, 'modified', { ...state, terminating: false, graceSeconds: null, containers });
  }
  return pod;
}

describe('the history of a pod', () => {
  it('keeps listening if the restart is reported after it listens again', () => {
    const pod = restarted([
      ['boot', 0.2],
      ['listen', 0.4],
      ['exit', 5],
      ['boot', 5.2],
      ['listen', 5.3],
    ]);
    assert.deepEqual(pod.listening(), [{ from: 0.4e6, to: 5e6, endedBy: 'exit' }, { from: 5.3e6 }]);
  });

  it('has a killed container end at the boot of the next one, and says how', () => {
    const pod = restarted([
      ['boot', 0.2],
      ['listen', 0.4],
      ['boot', 5.2],
      ['listen', 5.3],
    ]);
    assert.deepEqual(pod.ends, [{ ...killed, at: 5.2e6 }]);
    assert.deepEqual(pod.listening(), [{ from: 0.4e6, to: 5.2e6, endedBy: 'container ended' }, { from: 5.3e6 }]);
  });

  it('keeps listening if another container ended', () => {
    const pod = withSidecar([
      { at: 1, server: 0, sidecar: 0 },
      { at: 5, server: 0, sidecar: 0, over: true },
      { at: 7, server: 0, sidecar: 1 },
    ]);
    pod.seeLog({ at: 0.2e6, type: 'boot', pod: 'web-1' });
    pod.seeLog({ at: 0.4e6, type: 'listen', pod: 'web-1' });
    assert.deepEqual(pod.ends, []);
    assert.deepEqual(pod.listening(), [{ from: 0.4e6 }]);
  });

  it('keeps listening if another container ended for good while its own process still worked', () => {
    const told = [
      { at: 1, server: 0, sidecar: 0 },
      { at: 5, server: 0, sidecar: 0, over: true },
    ];
    for (const [served, ends] of [
      [4.9e6, 1],
      [5.5e6, 0],
    ] as const) {
      const pod = withSidecar(told);
      pod.seeLog({ at: 0.2e6, type: 'boot', pod: 'web-1' });
      pod.seeLog({ at: 0.4e6, type: 'listen', pod: 'web-1' });
      pod.seeServed(served);
      assert.equal(pod.ends.length, ends);
    }
  });

  it('has its process end if both containers ended, each at its own time', () => {
    const pod = withSidecar([
      { at: 1, server: 0, sidecar: 0 },
      { at: 5, server: 0, sidecar: 1 },
      { at: 9.1, server: 1, sidecar: 1 },
    ]);
    for (const [type, second] of [
      ['boot', 0.2],
      ['listen', 0.4],
    ] as const)
      pod.seeLog({ at: second * 1e6, type, pod: 'web-1' });
    pod.seeServed(8e6);
    pod.seeLog({ at: 8.5e6, type: 'boot', pod: 'web-1' });
    pod.seeLog({ at: 8.9e6, type: 'listen', pod: 'web-1' });
    assert.deepEqual(pod.ends, [{ ...killed, at: 8.5e6 }]);
    assert.deepEqual(pod.listening(), [{ from: 0.4e6, to: 8.5e6, endedBy: 'container ended' }, { from: 8.9e6 }]);
  });

  it('has a killed container end when the watch reports it, if the next one boots later', () => {
    const pod = restarted([
      ['boot', 0.2],
      ['listen', 0.4],
      ['boot', 6.5],
      ['listen', 7],
    ]);
    assert.deepEqual(pod.ends, [{ ...killed, at: 6.1e6 }]);
    assert.deepEqual(pod.listening(), [{ from: 0.4e6, to: 6.1e6, endedBy: 'container ended' }, { from: 7e6 }]);
  });

  it('ended by its own log, else as its container was seen to end, else as it was gone; never before a moment', () => {
    const exited = restarted([
      ['boot', 0.2],
      ['exit', 5],
      ['boot', 5.2],
    ]);
    assert.deepEqual(exited.endedAfter(4e6), { at: 5e6, by: 'exited' });
    assert.deepEqual(exited.endedAfter(5.1e6), { at: 5.2e6, by: 'was seen ended (OOMKilled, exit code 137)' });
    assert.equal(exited.endedAfter(5.3e6), undefined);

    const nameless = new PodHistory('web-1');
    nameless.seePod(1e6, 'modified', { ...runningPod, containers: [over({ reason: '', exitCode: null })] });
    assert.deepEqual(nameless.endedAfter(0), { at: 1e6, by: 'was seen ended' });

    const withNode = new PodHistory('web-1');
    withNode.seeNodeEnd(2e6);
    assert.deepEqual(withNode.endedAfter(0), { at: 2e6, by: 'was seen ended (its node ended)' });

    const deleted = new PodHistory('web-1');
    assert.equal(deleted.endedAfter(0), undefined);
    deleted.seePod(1e6, 'deleted', runningPod);
    assert.deepEqual(deleted.endedAfter(1e6), { at: 1e6, by: 'was gone' });
    assert.equal(deleted.endedAfter(1e6 + 1), undefined);
  });

  it('was pending before it ran, starting before it was ready, and unready after that', () => {
    const pod = new PodHistory('web-1');
    const see = (second: number, state: Partial<PodState>) =>
      pod.seePod(second * 1e6, 'modified', { ...runningPod, ...state });
    see(1, { phase: 'Pending', ready: false });
    see(2, { ready: false });
    see(3, { ready: true });
    see(4, { ready: false });
    see(5, { ready: true, terminating: true });
    assert.deepEqual(
      pod.bar.spans().map(({ state, from }) => [state, from / 1e6]),
      [
        ['pending', 1],
        ['starting', 2],
        ['ready', 3],
        ['unready', 4],
        ['terminating', 5],
      ],
    );
  });

  it('is the subject of an event with its UID, or with its name if a UID is unknown', () => {
    const pod = new PodHistory('web-1');
    const isMeant = (subject: string, name = 'web-1') => pod.isSubjectOf({ subject, name });
    assert.deepEqual([isMeant('one'), isMeant('web-1'), isMeant('web-2', 'web-2')], [true, true, false]);
    pod.uid = 'one';
    assert.deepEqual(
      [isMeant('one'), isMeant('web-1'), isMeant('two'), isMeant('one', 'web-2')],
      [true, true, false, true],
    );
  });

  it('had the container that listens killed by its probe, and not its sidecar', () => {
    const pod = withSidecar([{ at: 1, server: 0, sidecar: 1 }]);
    pod.seeLog({ at: 0.2e6, type: 'boot', pod: 'web-1' });
    for (const container of ['server', 'sidecar', 'another']) pod.seeProbeKill(3e6, container);
    assert.deepEqual(pod.probeKills, [3e6]);
    const unseen = new PodHistory('web-1');
    unseen.seeProbeKill(4e6, 'server');
    assert.deepEqual(unseen.probeKills, [4e6]);
  });
});
