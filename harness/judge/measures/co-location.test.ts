import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { EventSource, PodState } from '../../model/event.ts';
import type { Role, TopologyDomain } from '../../model/experiment.ts';
import type { Json } from '../../model/units.ts';
import { podState } from '../../testing/worlds/one-of-each.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { demanded } from '../checks/demands.ts';
import { NodeTopology } from '../evidence/node-topology.ts';
import { judgeArm } from '../judge.ts';
import { Timeline } from '../timeline/timeline.ts';
import { mostCoLocated } from './co-location.ts';

const phases = {
  warmup: { from: 0, to: 1e6 },
  baseline: { from: 1e6, to: 10e6 },
  fault: { from: 10e6, to: 30e6 },
  tail: { from: 30e6, to: 40e6 },
};

/** w1 and w2 are in zone a, w3 is in zone b; times in seconds. */
class Story {
  readonly #timeline = new Timeline();
  readonly #topology = new NodeTopology();

  constructor(labelled: readonly string[] = ['w1', 'w2', 'w3']) {
    for (const node of ['w1', 'w2', 'w3']) {
      const labels = labelled.includes(node) ? { zone: node === 'w3' ? 'b' : 'a', rack: `rack-${node}` } : {};
      this.#see(0, 'node', node, { ready: 'True', unschedulable: false, taints: [], conditions: [], ...labels });
    }
  }

  pod(second: number, name: string, node: string, change: Partial<PodState> = {}): this {
    return this.#see(second, 'pod', name, podState({ node, ...change }));
  }

  off(second: number, node: string): this {
    return this.#see(second, 'container', node, { state: 'exited', exitCode: 137 });
  }

  on(second: number, node: string): this {
    return this.#see(second, 'container', node, { state: 'running', exitCode: null });
  }

  get evidence(): ArmEvidence {
    return { timeline: this.#timeline, topology: this.#topology, phases } as unknown as ArmEvidence;
  }

  #see(second: number, source: EventSource, subject: string, data: object): this {
    const event = { at: second * 1e6, source, type: 'modified', subject, data: data as Json };
    this.#timeline.see(event);
    this.#topology.see(event);
    return this;
  }
}

const spread = (labelled?: readonly string[]) => new Story(labelled).pod(1, 'web-1', 'w1').pod(1, 'web-2', 'w3');

describe('the most replicas in one topology domain', () => {
  it('are counted at every time from the fault on', () => {
    const { evidence } = spread()
      .pod(12, 'web-3', 'w1')
      .pod(15, 'web-4', 'w2')
      .pod(20, 'web-3', 'w1', { terminating: true });
    assert.deepEqual(mostCoLocated('node', evidence), { domain: 'w1', count: 2, at: 12e6 });
    assert.deepEqual(mostCoLocated('zone', evidence), { domain: 'a', count: 3, at: 15e6 });
    assert.deepEqual(mostCoLocated('rack', evidence), { domain: 'rack-w1', count: 2, at: 12e6 });
  });

  it('do not include earlier replicas, those on a node that is down, and those without a node', () => {
    const { evidence } = spread()
      .pod(2, 'web-3', 'w1')
      .pod(8, 'web-3', 'w1', { terminating: true })
      .off(12, 'w3')
      .pod(20, 'web-4', 'w3')
      .pod(21, 'web-5', '', { phase: 'Pending', ready: false });
    assert.deepEqual(mostCoLocated('node', evidence), { domain: 'w1', count: 1, at: 10e6 });
  });

  it('include those on a node that runs again, from that time on', () => {
    const { evidence } = spread().off(12, 'w1').pod(14, 'web-4', 'w2').on(20, 'w1');
    assert.deepEqual(mostCoLocated('zone', evidence), { domain: 'a', count: 2, at: 20e6 });
  });

  it('are unknown if a replica runs on a node without a label', () => {
    const { evidence } = spread(['w1']);
    assert.equal(mostCoLocated('zone', evidence), undefined);
    assert.equal(mostCoLocated('node', evidence)?.count, 1);
  });

  it('are unknown if there are too many pods and changes', () => {
    const story = spread();
    for (let index = 0; index < 4600; index++) story.pod(12 + index / 1e4, `web-${index}`, 'w1');
    assert.equal(mostCoLocated('node', story.evidence), undefined);
  });

  it('are known by node on a real cluster, and by zone if its labels were recorded', async () => {
    const recording = join(import.meta.dirname, '../../testing/golden', 'node-loss-spread', 'node-loss-spread');
    const of = async (arm: string) => (await judgeArm(join(recording, arm))).measures?.together;
    const [none, required] = [await of('none'), await of('required')];
    assert.deepEqual([none?.node?.count, required?.node?.count, required?.zone], [3, 1, undefined]);
  });
});

describe('a demand that replicas are spread', () => {
  const ask = (over: TopologyDomain, atMost: number, evidence: ArmEvidence, role: Role = 'treatment') =>
    demanded({ kind: 'together', over, atMost }, role).ask(evidence);

  it('is met at every time or not at all', () => {
    const { evidence } = spread().pod(15, 'web-3', 'w2');
    assert.equal(ask('node', 1, evidence).verdict, 'pass');
    const { verdict, expected, measured, evidence: lines } = ask('zone', 1, evidence);
    assert.equal(verdict, 'fail');
    assert.deepEqual(
      [expected, measured],
      ['never more than 1 replica in a zone', 'never more than 2 replicas in a zone'],
    );
    assert.deepEqual(lines, [{ at: 15e6, text: '2 replicas in a zone: a' }]);
    assert.equal(ask('zone', 1, evidence, 'unprotected').verdict, 'inconclusive');
  });

  it('is undecided if the domains of nodes are unknown', () =>
    assert.equal(ask('zone', 3, spread([]).evidence).verdict, 'inconclusive'));
});
