import assert from 'node:assert/strict';
import type { EventSource } from '../../model/event.ts';
import type { Json } from '../../model/units.ts';
import { NodeOutages } from './node-outages.ts';
import { Timeline } from './timeline.ts';

const off = { state: 'exited', exitCode: 137 } as const;
const on = { state: 'running', exitCode: null } as const;

describe('an outage of a node', () => {
  it('lasts until the node runs again, and begins slightly before the engine reports it', () => {
    const outages = new NodeOutages();
    outages.see(10e6, 'w1', off);
    outages.see(20e6, 'w1', on);
    assert.equal(outages.during('w1', 8e6, 8.9e6), undefined);
    assert.equal(outages.during('w1', 9.5e6, 9.6e6)?.how, 'powered off');
    assert.ok(outages.during('w1', 15e6, 16e6));
    assert.equal(outages.during('w1', 21e6, 22e6), undefined);
    assert.equal(outages.during('w2', 15e6, 16e6), undefined);
  });

  it('lasts from the first event that its node is down to the first event that it runs', () => {
    const outages = new NodeOutages();
    assert.deepEqual(outages.all, []);
    outages.see(5e6, 'w1', on);
    outages.see(10e6, 'w1', { state: 'paused', exitCode: null });
    outages.see(11e6, 'w2', off);
    outages.see(12e6, 'w1', off);
    outages.see(20e6, 'w2', on);
    outages.see(21e6, 'w2', on);
    outages.see(30e6, 'w1', on);
    outages.see(40e6, 'w1', off);
    assert.deepEqual(
      outages.all.map(({ node, how, from, to }) => [node, how, from / 1e6, to && to / 1e6]),
      [
        ['w1', 'frozen', 10, 30],
        ['w2', 'powered off', 11, 20],
        ['w1', 'powered off', 40, undefined],
      ],
    );
    assert.equal(outages.during('w1', 50e6, 51e6)?.from, 40e6);
  });

  it('that holdfast caused does not begin before the injection', () => {
    const outages = new NodeOutages();
    outages.see(10e6, 'w1', off, 9.8e6);
    assert.equal(outages.during('w1', 9.5e6, 9.7e6), undefined);
    assert.ok(outages.during('w1', 9.85e6, 9.9e6));
  });

  it('ends the listeners of the node’s pods until their logs show a new listener', () => {
    const timeline = new Timeline();
    const see = (at: number, source: EventSource, subject: string, data: Json) =>
      timeline.see({ at, source, type: 'modified', subject, data });
    const pod = { ip: '', phase: 'Running', ready: true, version: '', terminating: false, graceSeconds: null };
    for (const [name, node] of [
      ['web-1', 'w1'],
      ['web-2', 'w2'],
    ] as const) {
      see(1, 'pod', name, { ...pod, node, containers: [] });
      timeline.seeLog({ at: 2, type: 'listen', pod: name });
    }
    see(10, 'container', 'w1', off);
    timeline.seeLog({ at: 30, type: 'boot', pod: 'web-1' });
    timeline.seeLog({ at: 40, type: 'listen', pod: 'web-1' });
    assert.deepEqual(timeline.pod('web-1', 40).listening(), [
      { from: 2, to: 10, endedBy: 'container ended' },
      { from: 40 },
    ]);
    assert.deepEqual(timeline.pod('web-2', 40).listening(), [{ from: 2 }]);
  });
});
