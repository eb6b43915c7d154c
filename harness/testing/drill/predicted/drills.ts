import type {
  ArmSpec,
  Disruption,
  Expectation,
  Experiment,
  TrafficSettings,
  Workload,
} from '../../../model/experiment.ts';
import { seconds } from '../../../model/units.ts';
import {
  type At,
  atInjection,
  type DrillAction,
  freezeANode,
  killASidecar,
  loopInRealTime,
  seeEndpointsOf,
  stopGenerators,
} from './actions.ts';
import { changed, type ObjectsChange, secondService, sessionAffinity, sidecar, topologyRouting } from './changes.ts';

/** A treatment under a condition that no setting of an experiment supports. */
export interface PredictedDrill {
  readonly says: string;
  readonly traffic?: Partial<TrafficSettings>;
  readonly changes?: ArmSpec['changes'];
  readonly disruption?: Disruption;
  readonly expect?: Expectation;
  /** Changes the objects before they are deployed. */
  readonly change?: ObjectsChange;
  /** Disturbs the arm while it is recorded. */
  readonly action?: DrillAction;
}

const limitMs = seconds(120);
const rollout: Disruption = { id: 'update', when: { atMs: 0 }, fault: { name: 'rollout', params: {} }, limitMs };
const powerCut: Disruption = {
  id: 'power-cut',
  when: { atMs: 0 },
  fault: { name: 'node-kill', params: { nodes: { pick: 'most-replicas' } } },
  until: { ms: seconds(3) },
  limitMs,
};

const inTheBaseline: At = { source: 'phase', type: 'baseline', delayMs: seconds(1) };

/** Drills by name, in the order in which they run. The expected results are in predictions.ts. */
export const predictedDrills = {
  'session-affinity': { says: 'a rollout behind sessionAffinity: ClientIP', change: sessionAffinity },
  'no-kept-alive': { says: 'a rollout under fresh connections alone', traffic: { keptAlivePerSecond: 0 } },
  'no-fresh': { says: 'a rollout under kept-alive connections alone', traffic: { freshPerSecond: 0 } },
  'idle-pod': {
    says: 'the loss of a node whose pod no request reaches, as the Service prefers the client’s zone',
    // The control plane is in no zone, so its clients would not prefer any pods.
    traffic: { from: 'worker' },
    changes: [{ having: 'antiAffinity', value: 'required' }],
    disruption: powerCut,
    change: topologyRouting,
  },
  'frozen-node': {
    says: 'a node that no disruption freezes, but that is frozen for 4 s of a rollout',
    action: freezeANode(atInjection, seconds(4)),
  },
  'stopped-generators': {
    says: 'generators that are stopped for 3 s of a rollout',
    action: stopGenerators(atInjection, seconds(3)),
  },
  'real-time-loops': {
    says: 'two real-time loops on the host for 3 s of a rollout',
    action: loopInRealTime(atInjection, seconds(3)),
  },
  'second-service': {
    says: 'a rollout of pods that another Service selects, too',
    change: secondService,
    action: seeEndpointsOf('web-too'),
  },
  'restarted-sidecar': {
    says: 'a sidecar that is killed and restarted in a rollout',
    change: sidecar,
    action: killASidecar(atInjection),
  },
  'loops-before-the-fault': {
    says: 'two real-time loops on the host for 3 s of the baseline',
    action: loopInRealTime(inTheBaseline, seconds(3)),
  },
} as const satisfies { readonly [name: string]: PredictedDrill };

export type DrillName = keyof typeof predictedDrills;

/** The experiment for a drill, with one arm. */
export function experimentOf(name: DrillName, workload: Workload): Experiment {
  const { says, change, ...drill }: PredictedDrill = predictedDrills[name];
  return {
    name: 'predicted',
    title: `A drill has the predicted result: ${says}`,
    question: 'Does a condition that no experiment has a setting for lead to the predicted verdict and causes?',
    workload: {
      ...(change ? changed(workload, change) : workload),
      changes: [...workload.changes, { option: 'startDelayMs', value: 1000 }],
    },
    traffic: {
      freshPerSecond: 100,
      keptAlivePerSecond: 60,
      timeoutMs: seconds(2),
      from: 'control-plane',
      ...drill.traffic,
    },
    phases: { warmupMs: seconds(6), baselineMs: seconds(6), quietMs: seconds(8), tailMs: seconds(5) },
    arms: {
      [name]: {
        role: 'treatment',
        changes: drill.changes ?? [],
        disruptions: [drill.disruption ?? rollout],
        expect: drill.expect ?? { kind: 'no-loss' },
      },
    },
  };
}
