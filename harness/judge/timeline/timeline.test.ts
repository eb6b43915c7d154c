import assert from 'node:assert/strict';
import type { EventSource, WorkloadEvent } from '../../model/event.ts';
import type { Json } from '../../model/units.ts';
import type { PodHistory } from './pod-history.ts';
import { Timeline } from './timeline.ts';

const second = 1e6;
const ip = '10.244.1.10';

interface Seen {
  readonly uid?: string;
  readonly ip?: string;
  readonly terminating?: boolean;
  readonly type?: string;
}

class Told {
  readonly timeline = new Timeline();

  pod(at: number, name: string, { uid = `uid-${name}`, ip = '', terminating = false, type = 'modified' }: Seen = {}) {
    const state = { node: 'w1', ip, phase: 'Running', ready: true, version: '', terminating, graceSeconds: null };
    const about = { subject: uid, kind: 'Pod', name };
    this.timeline.see({ at: at * second, source: 'pod', type, ...about, data: { ...state, containers: [] } });
    return this;
  }

  endpoint(at: number, name: string, uid: string, ip: string) {
    const endpoint = { ip, pod: name, uid, node: 'w1', ready: true, serving: true, terminating: false };
    const data = { service: 'web', addressType: 'IPv4', endpoints: [endpoint] };
    this.timeline.see({ at: at * second, source: 'endpointslice', type: 'modified', subject: 'web-a', data });
    return this;
  }

  said(at: number, name: string, subject: string, kind = 'Pod') {
    const message = 'Container server failed liveness probe, will be restarted';
    const data = { reason: 'Killing', message, type: 'Normal' };
    this.timeline.see({ at: at * second, source: 'k8s-event', type: 'added', subject, kind, name, data });
    return this;
  }

  log(name: string, lines: readonly (readonly [WorkloadEvent['type'], number])[]) {
    for (const [type, at] of lines) this.timeline.seeLog({ at: at * second, type, pod: name });
    return this;
  }

  withIp(at: number): string | undefined {
    return this.timeline.podWithIp(ip, at * second)?.uid;
  }
}

const types = ({ log }: PodHistory): string[] => log.map(({ type }) => type);

describe('pods with the same name, one after another', () => {
  const old = [
    ['boot', 1],
    ['listen', 2],
    ['exit', 3],
    ['boot', 4],
    ['listen', 5],
    ['sigterm', 10],
    ['exit', 10.4],
  ] as const;
  const fresh = [
    ['boot', 11],
    ['listen', 12],
  ] as const;

  it('have separate histories, by their UIDs', () => {
    const { timeline } = new Told()
      .pod(1, 'web-0', { uid: 'one', ip })
      .pod(10, 'web-0', { uid: 'one', ip, terminating: true })
      .pod(10.8, 'web-0', { uid: 'one', ip, type: 'deleted' })
      .pod(10.9, 'web-0', { uid: 'two', ip: '10.244.1.11' })
      .log('web-0', [...old, ...fresh]);
    assert.deepEqual(
      [...timeline.pods.values()].map(({ uid }) => uid),
      ['one', 'two'],
    );
    const [first, then] = [timeline.pod('web-0', 9 * second), timeline.pod('web-0', 11.5 * second)];
    assert.deepEqual([first.uid, then.uid], ['one', 'two']);
    assert.deepEqual([first.gone, then.gone, then.terminating], [10.8 * second, undefined, undefined]);
    assert.deepEqual([types(first), types(then)], [old.map(([type]) => type), ['boot', 'listen']]);
    assert.deepEqual(then.listening(), [{ from: 12 * second }]);
  });

  it('are distinguished by their logs if the deletion was reported late, together with the next pod', () => {
    const { timeline } = new Told()
      .pod(1, 'web-0', { uid: 'one', ip })
      .pod(11.3, 'web-0', { uid: 'one', ip, terminating: true })
      .pod(11.3, 'web-0', { uid: 'two' })
      .log('web-0', [...old, ...fresh]);
    assert.deepEqual(types(timeline.pod('web-0', 11.1 * second)), ['boot', 'listen']);
    assert.equal(timeline.pod('web-0', 11.1 * second).uid, 'two');
    assert.equal(timeline.pod('web-0', 10.9 * second).uid, 'one');
  });

  it('are known from a slice before the pod watch reports them, and stay the same', () => {
    const { timeline } = new Told()
      .pod(1, 'web-0', { uid: 'one', ip })
      .pod(10, 'web-0', { uid: 'one', ip, terminating: true })
      .endpoint(10.6, 'web-0', 'two', '10.244.1.11')
      .pod(10.8, 'web-0', { uid: 'one', ip, type: 'deleted' })
      .pod(10.9, 'web-0', { uid: 'two', ip: '10.244.1.11' });
    const pods = [...timeline.pods.values()];
    assert.deepEqual(
      pods.map(({ uid, ip: own }) => [uid, own]),
      [
        ['one', ip],
        ['two', '10.244.1.11'],
      ],
    );
    assert.deepEqual(
      pods.map(({ endpoint }) => endpoint.spans().length),
      [0, 1],
    );
  });

  it('are matched with Kubernetes’ events by UID, not by name', () => {
    const { timeline } = new Told()
      .pod(1, 'web-0', { uid: 'one', ip })
      .pod(2, 'web-0', { uid: 'one', type: 'deleted' })
      .pod(3, 'web-0', { uid: 'two', ip })
      .said(4, 'web-0', 'one')
      .said(5, 'web-0', 'uid-of-a-set', 'StatefulSet')
      .said(6, 'web-0', 'earlier');
    const pods = [...timeline.pods.values()];
    assert.deepEqual(
      pods.map(({ uid, probeKills }) => [uid, probeKills]),
      [
        ['one', [4 * second]],
        ['two', []],
      ],
    );
    const [first, then] = pods;
    assert.deepEqual(
      timeline.kubernetesEvents.map((said) => [first?.isSubjectOf(said), then?.isSubjectOf(said)]),
      [
        [true, false],
        [false, false],
      ],
    );
    assert.equal(then?.isSubjectOf({ subject: 'web-0', name: 'web-0' }), true);
  });

  it('are one pod if no UID is known', () => {
    const { timeline } = new Told().endpoint(1, 'web-0', '', ip).endpoint(9, 'web-0', '', '10.244.1.11');
    assert.equal(timeline.pods.size, 1);
  });

  it('are not mixed up by an endpoint without a UID: it belongs to the latest pod', () => {
    const { timeline } = new Told().endpoint(1, 'web-0', '', ip).pod(2, 'web-0', { uid: 'one', ip });
    assert.deepEqual(
      [...timeline.pods.values()].map(({ uid, seen }) => [uid, seen]),
      [['one', 2 * second]],
    );
  });
});

describe('an address that two pods have one after another', () => {
  /** The second pod is seen from second 8 on, and with the address from second 12 on. */
  const givenOn = (log: readonly (readonly [WorkloadEvent['type'], number])[] = []) =>
    new Told()
      .pod(1, 'web-1', { ip })
      .pod(8, 'web-2')
      .pod(10, 'web-1', { ip, terminating: true })
      .pod(12, 'web-2', { ip })
      .log('web-1', log);

  it('belongs to the older pod until the next one gets it, even if that one was seen long before', () => {
    assert.equal(givenOn().withIp(9), 'uid-web-1');
    assert.equal(givenOn().withIp(10.9), 'uid-web-1');
    assert.equal(givenOn().withIp(12.1), 'uid-web-2');
  });

  it('is decided by the logs if the next pod may have been reported late with it', () => {
    assert.equal(givenOn().withIp(11.5), undefined);
    const exited = givenOn([
      ['boot', 1],
      ['exit', 11.6],
    ]);
    assert.equal(exited.withIp(11.5), 'uid-web-1');
    assert.equal(exited.withIp(11.7), undefined);
    assert.equal(
      givenOn()
        .log('web-2', [['boot', 11.4]])
        .withIp(11.5),
      'uid-web-2',
    );
  });

  it('belongs to no known pod if pods share the address of their node', () => {
    const shared = new Told().pod(1, 'web-1', { ip }).pod(2, 'web-2', { ip });
    assert.equal(shared.withIp(9), undefined);
  });

  it('is free for another pod if its pod returned with its node and has a new address', () => {
    const told = new Told().pod(1, 'web-1', { ip }).pod(8, 'web-1', { ip: '10.244.1.99' }).pod(12, 'web-2', { ip });
    assert.equal(told.withIp(13), 'uid-web-2');
    assert.equal(told.withIp(7), 'uid-web-1');
  });
});

describe('what a timeline is told', () => {
  const see = (timeline: Timeline, source: EventSource, type: string, subject: string, data: Json, at = second) =>
    timeline.see({ at, source, type, subject, data });

  it('keeps an endpoint that goes from one slice to another', () => {
    const { timeline } = new Told();
    const slice = (at: number, name: string, ...pods: readonly string[]) => {
      const endpoints = pods.map((pod) => ({
        ip: '',
        pod,
        uid: pod,
        node: 'w1',
        ready: true,
        serving: true,
        terminating: false,
      }));
      see(timeline, 'endpointslice', 'modified', name, { service: 'web', addressType: 'IPv4', endpoints }, at * second);
    };
    slice(1, 'a', 'web-1', 'web-2');
    slice(2, 'b', 'web-1', 'web-3');
    slice(3, 'a', 'web-2');
    slice(4, 'b', 'web-3');
    slice(5, 'a');
    const spans = (pod: string) => timeline.pod(pod, 9 * second).endpoint.spans();
    assert.deepEqual(spans('web-1'), [{ state: 'ready', from: second, to: 4 * second }]);
    assert.deepEqual(spans('web-2'), [{ state: 'ready', from: second, to: 5 * second }]);
    assert.deepEqual(spans('web-3'), [{ state: 'ready', from: 2 * second }]);
  });

  it('ends the endpoints of a slice that is deleted, and adds no pod', () => {
    const { timeline } = new Told().endpoint(1, 'web-1', 'uid-1', ip);
    see(timeline, 'endpointslice', 'deleted', 'web-a', null, 2 * second);
    assert.deepEqual([...timeline.pods.keys()], ['web-1']);
    assert.deepEqual(timeline.pod('web-1', 9 * second).endpoint.spans(), [
      { state: 'ready', from: second, to: 2 * second },
    ]);
  });

  it('keeps a Deployment and a StatefulSet with the same name apart', () => {
    const { timeline } = new Told();
    const counts = { generation: 1, observedGeneration: 1, replicas: 3, updated: 3, ready: 3, available: 3 };
    see(timeline, 'deployment', 'added', 'web', { ...counts, desired: 3 });
    see(timeline, 'statefulset', 'added', 'web', { ...counts, desired: 1 });
    see(timeline, 'deployment', 'modified', 'web', { ...counts, desired: 5 });
    assert.deepEqual(
      timeline.owners().map(({ name, states }) => [name, states.map(({ state }) => state.desired)]),
      [
        ['web', [3, 5]],
        ['web', [1]],
      ],
    );
  });

  it('has the first reason why the arm broke or could not be measured, and none of an arm that ended well', () => {
    const { timeline } = new Told();
    for (const name of ['deploy', 'warmup', 'end'])
      see(timeline, 'phase', name, 'treatment', { why: 'x', message: 'y' });
    assert.deepEqual([timeline.unmeasurable, timeline.broke], [undefined, undefined]);
    see(timeline, 'phase', 'unmeasurable', 'treatment', { why: 'late' });
    see(timeline, 'phase', 'unmeasurable', 'treatment', { why: 'later' });
    see(timeline, 'phase', 'error', 'treatment', { message: 'quota exceeded' });
    see(timeline, 'phase', 'error', 'treatment', null);
    assert.deepEqual(timeline.unmeasurable, { at: second, why: 'late' });
    assert.deepEqual(timeline.broke, { at: second, message: 'quota exceeded' });
    const nameless = new Told().timeline;
    see(nameless, 'phase', 'unmeasurable', 'treatment', null);
    see(nameless, 'phase', 'error', 'treatment', { message: 7 });
    assert.match(nameless.unmeasurable?.why ?? '', /did not record/);
    assert.match(nameless.broke?.message ?? '', /did not record/);
  });

  it('counts an outage from the last intent, and from no other step', () => {
    const { timeline } = new Told();
    see(timeline, 'fault', 'intent', 'it', {}, 9.8 * second);
    see(timeline, 'fault', 'injected', 'it', {}, 9.9 * second);
    see(timeline, 'container', 'die', 'w1', { state: 'exited', exitCode: 137 }, 10 * second);
    assert.equal(timeline.outages.all[0]?.earliest, 9.8 * second);
  });

  it('takes only the words of the kubelet for a probe that killed a container', () => {
    const killed = (message: string, reason = 'Killing') => {
      const { timeline } = new Told().pod(1, 'web-1');
      const about = { subject: 'uid-web-1', kind: 'Pod', name: 'web-1' };
      const data = { reason, message, type: 'Normal' };
      timeline.see({ at: 2 * second, source: 'k8s-event', type: 'added', ...about, data });
      return timeline.pod('web-1', 2 * second).probeKills.length;
    };
    assert.equal(killed('Container server failed liveness probe, will be restarted'), 1);
    assert.equal(killed('Init container server failed startup probe, will be restarted'), 1);
    assert.equal(killed('Container server failed liveness probe, will be restarted', 'Unhealthy'), 0);
    assert.equal(killed('Stopping container server'), 0);
    assert.equal(killed('said: Container server failed liveness probe'), 0);
  });
});
