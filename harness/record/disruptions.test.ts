import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent, SliceState } from '../model/event.ts';
import type { Disruption } from '../model/experiment.ts';
import { runSchedule } from './disruptions.ts';
import { Recorder } from './observe/recorder.ts';
import { FakeLab } from './testing/lab.ts';
import { ActionLog } from './undo/action-log.ts';
import { Journal, openActions } from './undo/journal.ts';
import { Undo } from './undo/undo.ts';

const namespace = 'holdfast-arm';
const rollout = { name: 'rollout', params: {} };
const update: Disruption = { id: 'update', when: { atMs: 0 }, fault: rollout, limitMs: 3000 };

/** The events of a rollout, without a cluster. */
function seeRollout(recorder: Recorder): void {
  const complete = {
    generation: 2,
    observedGeneration: 2,
    desired: 1,
    replicas: 1,
    updated: 1,
    ready: 1,
    available: 1,
  };
  recorder.record('deployment', 'modified', 'web', complete);
  recorder.record('pod', 'added', 'web-2-0', { revision: '2', ready: true });
  recorder.record('pod', 'deleted', 'web-1-0', {});
}

describe('a schedule', () => {
  let folder: string;
  let lab: FakeLab;
  let recorder: Recorder;
  let stopping: AbortController;
  const journal = () => join(folder, 'journal.ndjson');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-schedule-'));
    lab = new FakeLab(folder, 'run');
    recorder = new Recorder(join(folder, 'events.ndjson'));
    stopping = new AbortController();
    const labels = { app: 'web' };
    const spec = { replicas: 1, template: { metadata: { labels } } };
    await lab.kube.create({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      ...{ spec },
    });
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** The recorded steps: `update intent`, `update landed`. */
  const run = async (
    disruptions: readonly Disruption[],
  ): Promise<{ steps: string[]; times: number[]; reasons: string[]; left: number }> => {
    const log = new Journal(journal());
    const actions = new ActionLog(lab, log, new Undo());
    const { signal } = stopping;
    try {
      await runSchedule(disruptions, {
        cluster: lab,
        namespace,
        owner: { kind: 'Deployment', name: 'web' },
        recorder,
        actions,
        signal,
      });
    } finally {
      await recorder.close();
    }
    const left = openActions(journal()).length;
    log.close();
    const events = (await readFile(join(folder, 'events.ndjson'), 'utf8')).trim().split('\n');
    const notes = events.map((line) => JSON.parse(line) as RecordedEvent).filter(({ source }) => source === 'fault');
    return {
      steps: notes.map(({ subject, type }) => `${subject} ${type}`),
      times: notes.map(({ at }) => at),
      reasons: notes.flatMap(({ data }) => String((data as { reason?: string }).reason ?? '') || []),
      left,
    };
  };

  /** The last recorded step. */
  const ended = async () => {
    const events = (await readFile(join(folder, 'events.ndjson'), 'utf8')).trim().split('\n');
    const { subject, type } = JSON.parse(events.at(-1) ?? '') as RecordedEvent;
    return `${subject} ${type}`;
  };

  const landing = () => setTimeout(() => seeRollout(recorder), 50);

  it('records every step, and leaves nothing open in the journal', async () => {
    landing();
    const { steps, left } = await run([update]);
    assert.deepEqual(steps, ['update intent', 'update injected', 'update landed', 'update healed']);
    assert.equal(left, 0);
  });

  it('starts a disruption after an event of another one', async () => {
    landing();
    const next: Disruption = {
      ...update,
      id: 'next',
      when: { after: 'update', event: 'healed', delayMs: 0 },
      limitMs: 300,
    };
    const { steps } = await run([next, update]);
    assert.deepEqual(steps.slice(0, 5), [
      'update intent',
      'update injected',
      'update landed',
      'update healed',
      'next intent',
    ]);
  });

  it('stops waiting at its time limit for an event that does not come', async () => {
    const next: Disruption = {
      ...update,
      id: 'next',
      when: { after: 'nobody', event: 'landed', delayMs: 0 },
      limitMs: 100,
    };
    const { steps, reasons } = await run([next]);
    assert.deepEqual(steps, ['next not-landed']);
    assert.match(reasons[0] ?? '', /timed out after 0\.1 s\. Still waiting for nobody to be landed/);
  });

  it('does not wait for a disruption that did not take effect', async () => {
    const next: Disruption = {
      ...update,
      id: 'next',
      when: { after: 'update', event: 'landed', delayMs: 0 },
      limitMs: 60_000,
    };
    const { steps, reasons } = await run([{ ...update, limitMs: 100 }, next]);
    assert.deepEqual(
      steps.filter((step) => step.startsWith('next')),
      ['next not-landed'],
    );
    assert.match(reasons[1] ?? '', /disruption update did not take effect, so it was never landed/);
  });

  it('starts when endpoints are lost', async () => {
    const endpoint = { ip: '10.0.0.1', pod: 'web-1-0', uid: '', node: 'worker', serving: true, terminating: false };
    const slice = (ready: boolean): SliceState => ({
      service: 'web',
      addressType: 'IPv4',
      endpoints: [{ ...endpoint, ready }],
    });
    const see = (ready: boolean) =>
      recorder.record('endpointslice', 'modified', 'web-1', JSON.parse(JSON.stringify(slice(ready))));
    see(true);
    setTimeout(() => {
      see(false);
      seeRollout(recorder);
    }, 50);
    const { steps } = await run([{ ...update, when: { readyAtMost: 0, delayMs: 0 } }]);
    assert.equal(steps[0], 'update intent');
  });

  it('heals a fault that did not take effect, and records what was missing', async () => {
    lab.kube.stuck = true;
    const { steps, reasons, left } = await run([{ ...update, limitMs: 100 }]);
    assert.deepEqual(steps, ['update intent', 'update injected', 'update not-landed', 'update healed']);
    assert.match(reasons[0] ?? '', /Still waiting for the controller to observe the new template/);
    assert.equal(left, 0);
  });

  it('changes nothing if there is no target', async () => {
    await lab.kube.remove({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace });
    const { steps, reasons } = await run([update]);
    assert.deepEqual(steps, ['update not-landed']);
    assert.match(reasons[0] ?? '', /there is no Deployment holdfast-arm\/web\. Check /);
  });

  it('changes nothing in a cluster that holdfast did not create', async () => {
    lab.assertOurs = () => Promise.reject(new Error('its node containers differ'));
    await assert.rejects(run([update]), /node containers differ/);
    assert.deepEqual(openActions(journal()), []);
  });

  it('holds a fault until the endpoints are ready again, and records that', async () => {
    landing();
    const { steps } = await run([{ ...update, until: { readyAtLeast: 0 } }]);
    assert.deepEqual(steps.slice(-2), ['update recovered', 'update healed']);
  });

  it('ends a fault at its time limit if nothing recovers', async () => {
    landing();
    const { steps, reasons } = await run([{ ...update, until: { readyAtLeast: 3 }, limitMs: 500 }]);
    assert.deepEqual(steps.slice(-3), ['update landed', 'update not-recovered', 'update healed']);
    assert.match(reasons[0] ?? '', /0 of 3 ready endpoints/);
  });

  it('does not count endpoints on the disrupted node as recovery', async () => {
    const status = { conditions: [{ type: 'Ready', status: 'True' }] };
    await lab.kube.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'w1' }, ...{ status } });
    Object.assign(lab.info, { nodes: [lab.generator, { ...lab.generator, name: 'w1', role: 'worker' }] });
    const metadata = { name: 'web-1-9', namespace, labels: { app: 'web' } };
    await lab.kube.create({ apiVersion: 'v1', kind: 'Pod', metadata, ...{ spec: { nodeName: 'w1' }, status } });
    const endpoint = { ip: '10.0.0.1', pod: 'web-1-9', node: 'w1', ready: true, serving: true, terminating: false };
    recorder.record('endpointslice', 'added', 'web-1', { service: 'web', endpoints: [endpoint] });
    setTimeout(() => {
      const cordoned = { ready: 'True', unschedulable: true, taints: [], conditions: [] };
      recorder.record('node', 'modified', 'w1', cordoned);
    }, 50);
    const fault = { name: 'cordon', params: { nodes: { pick: 'most-replicas' } } };
    const { steps, reasons } = await run([{ ...update, fault, until: { readyAtLeast: 1 }, limitMs: 500 }]);
    assert.deepEqual(steps.slice(2), ['update landed', 'update not-recovered', 'update healed']);
    assert.match(reasons[0] ?? '', /0 of 1 ready endpoints/);
  });

  /** A worker with a ready replica. It is cordoned once the fault is injected. */
  const worker = async () => {
    const status = { conditions: [{ type: 'Ready', status: 'True' }] };
    await lab.kube.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'w1' }, ...{ status } });
    Object.assign(lab.info, { nodes: [lab.generator, { ...lab.generator, name: 'w1', role: 'worker' }] });
    const metadata = { name: 'web-1-9', namespace, labels: { app: 'web' } };
    await lab.kube.create({ apiVersion: 'v1', kind: 'Pod', metadata, ...{ spec: { nodeName: 'w1' }, status } });
    setTimeout(() => {
      const cordoned = { ready: 'True', unschedulable: true, taints: [], conditions: [] };
      recorder.record('node', 'modified', 'w1', cordoned);
    }, 50);
  };
  const cordon: Disruption = {
    ...update,
    id: 'cordon',
    fault: { name: 'cordon', params: { nodes: { pick: 'most-replicas' } } },
  };
  const again: Disruption = {
    ...cordon,
    id: 'again',
    fault: { name: 'cordon', params: { nodes: { of: 'cordon' } } },
    when: { after: 'cordon', event: 'landed', delayMs: 0 },
  };

  it('chooses the nodes of another disruption, and holds the fault until that one is healed', async () => {
    await worker();
    const { steps, times, reasons } = await run([
      { ...cordon, until: { after: 'again', event: 'healed', delayMs: 100 } },
      again,
    ]);
    assert.deepEqual(steps, [
      'cordon intent',
      'cordon injected',
      'cordon landed',
      'again intent',
      'again injected',
      'again landed',
      'again healed',
      'cordon healed',
    ]);
    const [ended = 0, healed = 0] = times.slice(-2);
    assert.ok(healed - ended >= 95_000, `${healed - ended} µs`);
    assert.deepEqual(reasons, []);
  });

  it('chooses no nodes if the other disruption never started', async () => {
    await worker();
    const { steps, reasons } = await run([
      { ...again, when: { atMs: 0 }, fault: { name: 'cordon', params: { nodes: { of: 'nobody' } } } },
    ]);
    assert.deepEqual(steps, ['again not-landed']);
    assert.deepEqual(reasons, ['disruption nobody has chosen no node']);
  });

  it('holds a fault no longer than its time limit if the event never comes', async () => {
    await worker();
    const until = { after: 'nobody', event: 'healed', delayMs: 0 } as const;
    const { steps, reasons } = await run([{ ...cordon, until, limitMs: 300 }]);
    assert.deepEqual(steps.slice(2), ['cordon landed', 'cordon not-held', 'cordon healed']);
    assert.match(reasons[0] ?? '', /nobody to be healed/);
  });

  it('ends the other disruptions before it reports the error of one', async () => {
    let broke = false;
    lab.assertOurs = async () => {
      if (broke) throw new Error('its node containers differ');
      broke = true;
    };
    const held: Disruption = { ...update, id: 'held', until: { ms: 60_000 } };
    const after: Disruption = { ...update, id: 'after', when: { after: 'held', event: 'landed', delayMs: 0 } };
    landing();
    await assert.rejects(run([held, after]), /its node containers differ/);
    assert.equal(await ended(), 'held landed');
  });

  it('does not wait forever for a disruption that ignores its signal', async () => {
    lab.kube.patch = () => new Promise(() => {});
    setTimeout(() => stopping.abort(new Error('Ctrl-C')), 50);
    await assert.rejects(run([update]), /Ctrl-C/);
  }).timeout(10_000);

  it('keeps an action in the journal if it cannot be undone', async () => {
    landing();
    let asked = 0;
    lab.assertOurs = async () => {
      if (++asked > 1) throw new Error('engine gone');
    };
    await assert.rejects(run([update]), /engine gone/);
    assert.deepEqual(
      openActions(journal()).map(({ action }) => action.kind),
      ['inject'],
    );
  });
});
