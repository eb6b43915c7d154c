import { experiment, noLoss, seconds, steadyTraffic } from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

export default experiment({
  name: 'no-fault',
  title: 'Without a fault, no request fails',
  question: `Two control arms without a fault, so that no request may fail. Does holdfast find no failure, and does
it say that the run proved nothing?`,
  workload: specimen({ replicas: 3, startDelayMs: seconds(3), readiness: true, preStopSeconds: 5 }),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(18), tailMs: seconds(6) },
  onlyWhenNamed: true,
  arms: {
    control: { role: 'control', says: 'no fault', workload: {}, disruptions: [], expect: noLoss() },
    again: { role: 'control', says: 'no fault either', workload: {}, disruptions: [], expect: noLoss() },
  },
});
