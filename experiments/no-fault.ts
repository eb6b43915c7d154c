import { experiment, noLoss, seconds, steadyTraffic } from '../harness/index.ts';
import { specimen } from './workloads/specimen.ts';

export default experiment({
  name: 'no-fault',
  title: 'Without a fault, no request fails',
  question: `Two control arms without a fault, so that no request may fail. Does holdfast find no failure, and does
it say that the run proved nothing?`,
  workload: specimen(),
  traffic: steadyTraffic({ freshPerSecond: 100, keptAlivePerSecond: 60 }),
  phases: { warmupMs: seconds(8), baselineMs: seconds(8), quietMs: seconds(18), tailMs: seconds(6) },
  onlyWhenNamed: true,
  arms: {
    control: { role: 'control', disruptions: [], expect: noLoss() },
    again: { role: 'control', disruptions: [], expect: noLoss() },
  },
});
