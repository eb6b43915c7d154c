import assert from 'node:assert/strict';
import type { Disruption } from '../../../model/experiment.ts';
import type { Json } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { parametersAsPlanned } from './parameters.ts';

/** Three pods are ready on w1, w2 and w3; w4 has none. A drain has already taken w2. */
function timeline(): Timeline {
  const made = new Timeline();
  const endpoints = [1, 2, 3].map((index) => ({
    ip: '',
    pod: `web-${index}`,
    uid: `uid-${index}`,
    node: `w${index}`,
    ready: true,
    serving: true,
    terminating: false,
  }));
  made.see({
    at: 1,
    source: 'endpointslice',
    type: 'added',
    subject: 'web',
    data: { service: 'web', addressType: 'IPv4', endpoints },
  });
  const plan = { nodes: [{ name: 'w2', wasCordoned: false }] };
  made.see({ at: 2, source: 'fault', type: 'intent', subject: 'drain', data: { fault: 'drain', plan } });
  return made;
}

function doubts(name: string, params: { [key: string]: Json }, noted: Json): string[] {
  const disruption = { id: 'it', when: { atMs: 0 }, fault: { name, params }, limitMs: 1000 } as Disruption;
  const evidence = { timeline: timeline(), plan: { disruptions: [disruption] } } as unknown as ArmEvidence;
  const intent = { at: 10_000_000, id: 'it', step: 'intent', data: { fault: name, plan: noted } };
  return parametersAsPlanned(disruption, intent, evidence).map(({ text }) => text);
}

const nodes = (...names: string[]) => names.map((name) => ({ name, wasCordoned: false }));
const pods = (...names: string[]) => names.map((name) => ({ name, node: 'w1', namespace: 'hf' }));
const container = { name: 'web-1', node: 'w1', container: 'f'.repeat(64), restarts: 0 };

describe('the parameters of a fault', () => {
  const honest: readonly (readonly [string, { [key: string]: Json }, Json])[] = [
    ['rollout', {}, { from: '1', to: '2', oldPods: [], finishes: true, timeLimitMs: 20_000 }],
    ['rollout', { finishes: false, timeLimitMs: 8000 }, { finishes: false, timeLimitMs: 8000 }],
    ['rollout', {}, { from: '1', to: '2', oldPods: [] }],
    ['scale', { replicas: 5, pending: true }, { from: 3, to: 5, before: [], pending: true }],
    ['scale', { replicas: 1 }, { from: 3, to: 1, before: [], pending: false }],
    ['pod-delete', { count: 'all' }, { pods: pods('web-1', 'web-2', 'web-3'), replicas: 3 }],
    ['pod-delete', {}, { pods: pods('web-1'), replicas: 3 }],
    ['process-kill', { count: 1 }, { pods: [container], endedBy: 'SIGKILL' }],
    [
      'evict',
      { count: 'all', retryMs: 1000 },
      { pods: pods('web-1'), retryMs: 1000, timeLimitMs: 60_000, finishes: true },
    ],
    [
      'drain',
      { nodes: { pick: 'with-replicas' }, finishes: false },
      { nodes: nodes('w1', 'w2', 'w3'), finishes: false },
    ],
    [
      'kubectl-drain',
      { nodes: { pick: 'most-replicas' } },
      { nodes: nodes('w2'), pods: ['web-2'], timeLimitMs: 60_000 },
    ],
    ['node-kill', { nodes: { pick: 'zone' } }, { nodes: [{ name: 'w3' }, { name: 'w4' }] }],
    ['cordon', { nodes: { pick: 'without-replicas' } }, { nodes: nodes('w4') }],
    ['node-stop', { nodes: { of: 'drain' } }, { nodes: nodes('w2') }],
    [
      'node-taint',
      { nodes: { pick: 'most-replicas' }, effect: 'NoSchedule' },
      { nodes: nodes('w1'), effect: 'NoSchedule' },
    ],
    ['node-partition', { nodes: { pick: 'rack' }, way: 'in' }, { nodes: nodes('w1'), way: 'in' }],
    ['crash-loop', { crashes: 3 }, { pod: container, crashes: 3 }],
    ['dependency-slow', { delayMs: 1500 }, { pods: [{ name: 'dependency-1' }], delayMs: 1500 }],
  ];
  for (const [name, params, noted] of honest)
    it(`are those of the plan: ${name} ${JSON.stringify(params)}`, () =>
      assert.deepEqual(doubts(name, params, noted), []));

  const others: readonly (readonly [string, { [key: string]: Json }, Json, string])[] = [
    ['rollout', {}, { finishes: false }, 'it: done with finishes false, planned true'],
    ['scale', { replicas: 5 }, { to: 4 }, 'it: done with replicas 4, planned 5'],
    ['scale', { replicas: 5 }, { to: 5, pending: true }, 'it: done with pending true, planned false'],
    ['pod-delete', { count: 'all' }, { pods: pods('web-1'), replicas: 3 }, 'it: 1 pod taken, planned 3'],
    ['pod-delete', { count: 2 }, { pods: pods('web-1'), replicas: 3 }, 'it: 1 pod taken, planned 2'],
    ['node-partition', { way: 'in' }, { way: 'out' }, 'it: done with way "out", planned "in"'],
    [
      'node-kill',
      { nodes: { pick: 'most-replicas', count: 2 } },
      { nodes: nodes('w1') },
      'it: 1 node taken, planned 2',
    ],
    ['node-kill', { nodes: { pick: 'most-replicas' } }, { nodes: nodes('w4') }, 'it: w4 held no ready replica'],
    ['drain', { nodes: { pick: 'with-replicas' } }, { nodes: nodes('w1', 'w2') }, 'it: w3 held a ready replica, too'],
    ['node-kill', { nodes: { pick: 'zone' } }, { nodes: nodes('w4') }, 'it: no zone with a ready replica'],
    ['node-stop', { nodes: { of: 'drain' } }, { nodes: nodes('w1') }, 'it: took w1, and drain took w2'],
    ['node-stop', { nodes: { of: 'power' } }, { nodes: nodes('w1') }, 'it: took w1, and power took none'],
    ['cordon', { nodes: { pick: 'without-replicas' } }, { nodes: nodes('w1') }, 'it: a node with a replica was taken'],
  ];
  for (const [name, params, noted, says] of others)
    it(`are not those of the plan: ${says}`, () => assert.deepEqual(doubts(name, params, noted), [says]));
});
