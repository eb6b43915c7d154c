import type { RunFindings } from '../../harness/model/finding.ts';
import { count } from '../words/number.ts';
import type { SampleArm } from './arm.ts';
import { assembled, judgedArms, type SampleExperiment } from './assemble.ts';
import { compoundScene } from './compound.ts';
import { drainScene, quietScene } from './drain.ts';
import { nodeLossScene, quietNodes, spread, together } from './node-loss.ts';
import { oneBusyFree, placedScene, scaledScene, scalePlaces } from './placement.ts';

const noLoss = { kind: 'no-loss' } as const;
const lossOfANode = {
  kind: 'bounded-loss',
  causes: ['node-down', 'lost-with-its-node'],
  afterwards: ['stale-conntrack'],
  windowMs: 5_000,
  shareAtMost: 0.5,
} as const;
const nobody = {
  kind: 'outage',
  atLeastMs: 5_000,
  causes: ['node-down', 'lost-with-its-node', 'no-endpoint'],
} as const;
const twoReady = {
  demand: { kind: 'ready-endpoints', atLeast: 2 },
  measured: 'never fewer than 2 ready endpoints',
} as const;
const control = (says: string, scene: SampleArm['scene']): SampleArm => ({
  name: 'control',
  role: 'control',
  says,
  workload: {},
  expect: noLoss,
  scene,
});

function run(experiment: SampleExperiment, strength: string): RunFindings {
  const judged = judgedArms(experiment.arms);
  const treatments = judged.filter(({ role }) => role === 'treatment');
  const lost = judged.filter(({ role }) => role === 'unprotected');
  const sum = (of: 'total' | 'failed') => treatments.reduce((all, { requests }) => all + requests[of], 0);
  const sentence =
    sum('total') === 0
      ? `${experiment.title}: as declared in ${treatments.length} arms; without protection ${lost.map(({ measured, says }) => `${measured} (${says})`).join(' and ')}.`
      : `${experiment.title}: ${sum('failed') === 0 ? 'none' : count(sum('failed'))} of ${count(sum('total'))} requests failed${sum('failed') === 0 ? '' : ', as bounded'}; without protection it lost ${lost.map(({ requests, says }) => `${count(requests.failed)} (${says})`).join(' and ')}.`;
  return assembled(experiment, judged, { sentence, strength });
}

/** Three nodes are drained at the same instant, with a disruption budget and without. */
export const drainRun = (): RunFindings =>
  run(
    {
      name: 'drain-budget',
      title: 'A disruption budget keeps a drain from taking a service away',
      question: 'Three nodes are drained at the same instant. Does a disruption budget keep enough replicas serving?',
      claims: ['C13', 'C16', 'C17'],
      arms: [
        control('no drain', quietScene),
        {
          name: 'three-nodes',
          role: 'treatment',
          says: 'three nodes at once, budget minAvailable 2',
          workload: { budget: { minAvailable: 2 }, startDelayMs: 15_000 },
          expect: noLoss,
          demands: [twoReady, { demand: { kind: 'evictions-refused', atLeast: 1 }, measured: '3 allowed, 12 refused' }],
          scene: drainScene({ budget: true }),
        },
        {
          name: 'three-nodes-none',
          role: 'unprotected',
          says: 'three nodes at once, no budget',
          workload: { startDelayMs: 15_000 },
          expect: nobody,
          scene: drainScene({ budget: false }),
        },
      ],
    },
    '1 clean drain bounds the share of bad drains at 95 % (95 % confidence)',
  );

/** The power of a node is cut that holds one replica, or all of them. */
export const nodeLossRun = (): RunFindings =>
  run(
    {
      name: 'node-loss-spread',
      title: 'Replicas that are kept apart survive the loss of a node',
      question: 'The power of a node is cut. Does anti-affinity make the difference between some requests and all?',
      claims: ['C01', 'C02', 'C03'],
      arms: [
        control('no node is lost', quietNodes(spread)),
        {
          name: 'required',
          role: 'treatment',
          says: 'required anti-affinity by node',
          workload: { antiAffinity: 'required' },
          expect: lossOfANode,
          scene: nodeLossScene(spread),
        },
        {
          name: 'none',
          role: 'unprotected',
          says: 'no anti-affinity',
          workload: { scheduler: 'no-spread', busyWorkers: 3 },
          expect: nobody,
          scene: nodeLossScene(together),
        },
      ],
    },
    '1 clean node-kill bounds the share of bad node-kills at 95 % (95 % confidence)',
  );

const onNodes = (least: number, most = least) =>
  ({ kind: 'placement', nodesAtLeast: least, nodesAtMost: most }) as const;

/** Where replicas come to stand; nobody sends anything. */
export const placementRun = (): RunFindings =>
  run(
    {
      name: 'spread-placement',
      title: 'Anti-affinity decides where replicas stand',
      question: 'Three of four workers are busy. Where does the scheduler put three replicas, and where a fourth?',
      claims: ['A1', 'A2', 'A3'],
      arms: [
        {
          ...control('nothing is scaled, default scheduler', placedScene(scalePlaces)),
          expect: onNodes(2, 4),
          measured: '3 replicas on 3 nodes: holdfast-worker2 1, holdfast-worker3 1 and holdfast-worker4 1',
        },
        {
          name: 'required',
          role: 'treatment',
          says: 'required anti-affinity: a fourth replica finds no node',
          workload: { antiAffinity: 'required', busyWorkers: 1 },
          expect: onNodes(3),
          measured: '3 replicas on 3 nodes: holdfast-worker2 1, holdfast-worker3 1 and holdfast-worker4 1',
          demands: [
            {
              demand: { kind: 'unschedulable', atLeast: 1, because: "didn't match pod anti-affinity rules" },
              measured: '1 pod not scheduled',
            },
          ],
          scene: scaledScene(scalePlaces, false),
        },
        {
          name: 'preferred',
          role: 'treatment',
          says: 'preferred anti-affinity: a fourth replica doubles up',
          workload: { antiAffinity: 'preferred', busyWorkers: 1 },
          expect: onNodes(3),
          measured: '4 replicas on 3 nodes: holdfast-worker2 1, holdfast-worker3 1 and holdfast-worker4 2',
          scene: scaledScene(scalePlaces, true),
        },
        {
          name: 'none',
          role: 'unprotected',
          says: 'no anti-affinity, scheduler without spreading',
          workload: { scheduler: 'no-spread', busyWorkers: 3 },
          expect: onNodes(1),
          measured: '3 replicas on 1 node: holdfast-worker4 3',
          scene: placedScene(oneBusyFree),
        },
      ],
    },
    '2 clean scales bound the share of bad scales at 78 % (95 % confidence)',
  );

/** A rollout, a drain and a power cut, one into the other. */
export const compoundRun = (): RunFindings =>
  run(
    {
      name: 'compound-outage',
      title: 'A budget holds when rollout, drain and power cut meet',
      question: 'While a new version is rolled out, a node is drained and another one dies. Is anybody left to answer?',
      claims: ['M1'],
      arms: [
        control('nothing happens', quietNodes(spread)),
        {
          name: 'budget',
          role: 'treatment',
          says: 'budget minAvailable 2',
          workload: { budget: { minAvailable: 2 } },
          expect: lossOfANode,
          scene: compoundScene({ budget: true }),
        },
        {
          name: 'no-budget',
          role: 'unprotected',
          says: 'no budget',
          workload: {},
          expect: nobody,
          scene: compoundScene({ budget: false }),
        },
      ],
    },
    '3 clean disruptions bound the share of bad disruptions at 64 % (95 % confidence)',
  );
