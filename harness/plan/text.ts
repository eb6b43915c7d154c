import type { ArmPlan, ExperimentPlan } from '../model/plan.ts';

const secondsOf = (ms: number) => `${ms / 1000} s`;

function armText(arm: ArmPlan): string {
  const { workload, traffic, phases, expect } = arm;
  const guard = [
    workload.readiness ? 'readiness probe' : 'no readiness probe',
    workload.preStopSeconds > 0 ? `preStop sleep ${workload.preStopSeconds} s` : 'no preStop sleep',
    `grace ${workload.graceSeconds} s`,
    `listens ${secondsOf(workload.startDelayMs)} after it starts`,
  ];
  const faults = arm.disruptions.map(({ id, fault, when }) =>
    'atMs' in when
      ? `${fault.name} (${id}) ${secondsOf(when.atMs)} into the fault phase`
      : `${fault.name} (${id}) ${secondsOf(when.delayMs)} after ${when.after} ${when.event}`,
  );
  const expected =
    expect.kind === 'no-loss' ? 'no request fails' : `at least ${expect.atLeast} fail: ${expect.causes.join(', ')}`;
  return `  ${arm.name} (${arm.role}: ${arm.says})
    in        namespace ${arm.namespace}, removed afterwards
    workload  ${workload.replicas} replicas, ${guard.join(', ')}
    traffic   ${traffic.freshPerSecond}/s on fresh connections, ${traffic.keptAlivePerSecond}/s on kept-alive ones, ${secondsOf(traffic.timeoutMs)} time-out
    phases    warm-up ${secondsOf(phases.warmupMs)}, baseline ${secondsOf(phases.baselineMs)}, fault at least ${secondsOf(phases.quietMs)}, tail ${secondsOf(phases.tailMs)}
    fault     ${faults.join('; ') || 'none'}
    expects   ${expected}
`;
}

/** What will happen, for a person to read before it does. */
export const planText = (seed: string, experiments: readonly ExperimentPlan[]): string =>
  experiments
    .map(({ name, title, arms }) => `${name}: ${title} (seed ${seed})\n${arms.map(armText).join('\n')}`)
    .join('\n');
