import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { EndpointState } from '../../model/event.ts';
import { type EndpointKind, endpointKinds } from '../../model/experiment.ts';
import type { Json } from '../../model/units.ts';
import { podState } from '../../testing/worlds/one-of-each.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { demanded } from '../checks/demands.ts';
import { judgeArm } from '../judge.ts';
import { Timeline } from '../timeline/timeline.ts';
import { fewest } from './endpoints.ts';

const phases = {
  warmup: { from: 0, to: 1e6 },
  baseline: { from: 1e6, to: 10e6 },
  fault: { from: 10e6, to: 60e6 },
  tail: { from: 60e6, to: 66e6 },
};

/** Three pods on separate nodes and what happens to them; times in seconds. */
class Story {
  readonly timeline = new Timeline();
  readonly #logs: boolean;

  constructor(logs = true) {
    this.#logs = logs;
    for (const number of [1, 2, 3]) {
      this.#see(0.5, 'pod', `web-${number}`, podState({ node: `w${number}` }));
      this.log(0.5, `web-${number}`, 'listen');
    }
    this.endpoints(0.5, { 'web-1': 'ready', 'web-2': 'ready', 'web-3': 'ready' });
  }

  endpoints(second: number, states: { readonly [pod: string]: 'ready' | 'serving' | 'terminating' }): this {
    const endpoints = Object.entries(states).map(
      ([pod, state]): EndpointState => ({
        ip: '',
        pod,
        uid: pod,
        node: '',
        ready: state === 'ready',
        serving: state !== 'terminating',
        terminating: state !== 'ready',
      }),
    );
    return this.#see(second, 'endpointslice', 'web', { service: 'web', addressType: 'IPv4', endpoints });
  }

  node(second: number, node: string, state: 'running' | 'paused' | 'exited'): this {
    return this.#see(second, 'container', node, { state, exitCode: null });
  }

  log(second: number, pod: string, type: 'listen' | 'close'): this {
    if (this.#logs) this.timeline.seeLog({ at: second * 1e6, pod, type });
    return this;
  }

  get evidence(): ArmEvidence {
    return { timeline: this.timeline, phases } as unknown as ArmEvidence;
  }

  counts(): { readonly [kind in EndpointKind]?: readonly [count: number, second: number] } {
    return Object.fromEntries(
      endpointKinds.flatMap((kind) => {
        const found = fewest(kind, this.evidence);
        return found ? [[kind, [found.count, found.at / 1e6]]] : [];
      }),
    );
  }

  #see(second: number, source: 'pod' | 'endpointslice' | 'container', subject: string, data: object): this {
    this.timeline.see({ at: second * 1e6, source, type: 'modified', subject, data: data as Json });
    return this;
  }
}

describe('the fewest endpoints', () => {
  it('count a terminating pod that still answers as serving, not as ready', () => {
    const story = new Story()
      .endpoints(20, { 'web-1': 'serving', 'web-2': 'ready', 'web-3': 'ready' })
      .log(25, 'web-1', 'close')
      .endpoints(26, { 'web-1': 'terminating', 'web-2': 'ready', 'web-3': 'ready' });
    assert.deepEqual(story.counts(), { ready: [2, 20], serving: [2, 26], alive: [2, 25] });
  });

  it('after the loss of a node are fewer alive at once, and fewer ready when the controller notices', () => {
    const story = new Story().node(20, 'w1', 'exited').endpoints(32, { 'web-2': 'ready', 'web-3': 'ready' });
    assert.deepEqual(story.counts(), { ready: [2, 32], serving: [2, 32], alive: [2, 20] });
  });

  it('while a node is frozen are fewer alive', () => {
    const story = new Story().node(20, 'w1', 'paused').node(30, 'w1', 'running').log(40, 'web-2', 'close');
    assert.deepEqual(story.counts().alive, [2, 20]);
    assert.deepEqual(story.log(41, 'web-3', 'close').counts().alive, [1, 41]);
  });

  it('use the endpoints’ states for pods without a log', () =>
    assert.deepEqual(new Story(false).node(20, 'w1', 'exited').counts().alive, [2, 20]));

  it('are unknown if nothing was watched', () => {
    const evidence = { timeline: new Timeline(), phases } as unknown as ArmEvidence;
    assert.deepEqual(
      endpointKinds.map((kind) => fewest(kind, evidence)),
      [undefined, undefined, undefined],
    );
  });

  it('may be demanded of each kind', () => {
    const { evidence } = new Story().node(20, 'w1', 'exited');
    const ask = (of?: EndpointKind) => demanded({ kind: 'ready-endpoints', atLeast: 3, of }, 'treatment').ask(evidence);
    assert.equal(ask().verdict, 'pass');
    const { verdict, expected, measured, evidence: lines } = ask('alive');
    assert.equal(verdict, 'fail');
    assert.equal(expected, 'never fewer than 3 alive endpoints');
    assert.equal(measured, 'never fewer than 2 alive endpoints');
    assert.deepEqual(lines, [{ at: 20e6, text: '2 alive, 3 ready, 0 terminating' }]);
  });

  it('after a real power cut are fewer alive before they are fewer ready', async () => {
    const arm = join(import.meta.dirname, '../../testing/golden', 'node-loss-spread', 'node-loss-spread', 'required');
    const { ready, alive } = (await judgeArm(arm)).measures?.fewest ?? {};
    assert.ok(ready && alive);
    assert.deepEqual([ready.count, alive.count], [2, 2]);
    assert.ok(ready.at - alive.at > 1e6, `${(ready.at - alive.at) / 1e6} s`);
  });
});
