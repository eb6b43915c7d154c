import { experiment, noLoss, seconds, steadyTraffic } from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

export default experiment({
  name: 'no-fault',
  title: 'Nothing happens',
  question: `Two controls, in which nothing is done: there is nothing to see. Does holdfast see nothing, and does it say that
nothing was shown?`,
  workload: specimen({ replicas: 3, startDelayMs: seconds(3), readiness: true, preStopSeconds: 5 }),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(18), tailMs: seconds(6) },
  onlyWhenNamed: true,
  arms: {
    control: { role: 'control', says: 'no fault', workload: {}, disruptions: [], expect: noLoss() },
    again: { role: 'control', says: 'no fault either', workload: {}, disruptions: [], expect: noLoss() },
  },
});
