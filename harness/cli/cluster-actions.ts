import { clusterDown } from '../../clusters/cluster/down.ts';
import { clusterReset } from '../../clusters/cluster/reset.ts';
import { clusterStatus } from '../../clusters/cluster/status.ts';
import { clusterUp } from '../../clusters/cluster/up.ts';
import { egressCounters } from '../../clusters/network/egress.ts';
import { hostOf } from '../../clusters/network/host.ts';
import { type ExitCode, exitCodes } from '../model/verdict.ts';
import { withLock } from '../sys/lock.ts';
import { interruptSignal } from './interrupt.ts';
import type { LabChoices } from './options.ts';
import { terminalProgress } from './progress.ts';

export async function up(choices: LabChoices & { readonly cluster: string }): Promise<void> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  const { kubeconfig, profile } = await withLock('lab', 'holdfast cluster up', () =>
    clusterUp({ ...choices, name: choices.cluster, progress, signal }),
  );
  process.stdout.write(
    `Cluster ${choices.cluster} is ready: Kubernetes ${profile.kubernetes}, ${profile.imageSource} image.\n`,
  );
  process.stdout.write(`KUBECONFIG=${kubeconfig}\n`);
}

export async function status(cluster: string): Promise<ExitCode> {
  const found = await clusterStatus(cluster, interruptSignal());
  const words = {
    absent: `There is no cluster ${cluster}. Make it: ./holdfast cluster up`,
    ready: `Cluster ${cluster} is ready.`,
    broken: `Cluster ${cluster} is broken: ${'problem' in found ? found.problem : ''}. Repair it: ./holdfast cluster up`,
  };
  process.stdout.write(`${words[found.state]}\n`);
  if (found.state !== 'ready') return exitCodes.error;
  const { kubeconfig, network, engineEnv } = found.info;
  const { rejected, left } = await egressCounters(hostOf({ env: engineEnv }), network);
  process.stdout.write(`Its way out is closed: ${rejected} packets were stopped, ${left} left.\n`);
  process.stdout.write(`KUBECONFIG=${kubeconfig}\n`);
  return exitCodes.pass;
}

export async function reset(cluster: string): Promise<void> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  await withLock('lab', 'holdfast cluster reset', () => clusterReset(cluster, { progress, signal }));
}

export async function down(cluster: string): Promise<void> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  await withLock('lab', 'holdfast cluster down', () => clusterDown(cluster, { progress, signal }));
}
