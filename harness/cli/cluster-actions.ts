import { clusterDown } from '../../clusters/cluster/down.ts';
import { clusterReset } from '../../clusters/cluster/reset.ts';
import { journalFile } from '../../clusters/cluster/state.ts';
import { clusterStatus } from '../../clusters/cluster/status.ts';
import { clusterUp } from '../../clusters/cluster/up.ts';
import { egressCounters } from '../../clusters/network/egress.ts';
import { hostOf } from '../../clusters/network/host.ts';
import type { LabProfile } from '../model/cluster.ts';
import { ownCommand } from '../model/own-command.ts';
import { type ExitCode, exitCodes } from '../model/verdict.ts';
import { actionInWords } from '../record/undo/action.ts';
import { openActions } from '../record/undo/journal.ts';
import { withLock } from '../sys/lock.ts';
import { print } from '../sys/terminal.ts';
import { interruptSignal } from './common/interrupt.ts';
import type { LabChoices } from './common/options.ts';
import { printJson } from './common/print-json.ts';
import { terminalProgress } from './common/progress.ts';
import { healableCluster, healCluster } from './heal/cluster.ts';
import { refuseDirty } from './heal/healable.ts';

export async function up(choices: LabChoices & { readonly cluster: string; readonly json?: boolean }): Promise<void> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  const { cluster } = choices;
  const { kubeconfig, profile } = await withLock('lab', 'holdfast cluster up', () =>
    clusterUp({ ...choices, name: cluster, progress, signal }),
  );
  refuseDirty(healableCluster(cluster));
  if (choices.json) {
    printJson('holdfast.cluster/1', { cluster, exists: true, clean: true, problems: [], kubeconfig, profile });
    return;
  }
  print(`Cluster ${cluster} is ready: ${profileInWords(profile)}.\n`);
  print(`KUBECONFIG=${kubeconfig}\n`);
}

const profileInWords = ({ kubernetes, imageSource, proxyMode }: LabProfile): string =>
  `Kubernetes ${kubernetes}, ${imageSource} image, kube-proxy in ${proxyMode} mode`;

/** Prints whether a cluster exists and is clean. Returns the exit code: 0 if both. */
export async function status(cluster: string, { json }: { readonly json: boolean }): Promise<ExitCode> {
  const signal = interruptSignal();
  const found = await clusterStatus(cluster, signal);
  if (!found) {
    if (json) printJson('holdfast.cluster/1', { cluster, exists: false, clean: false, problems: [] });
    else print(`There is no cluster ${cluster}. Create it: ${ownCommand} cluster up\n`);
    return exitCodes.error;
  }
  const open = openActions(journalFile(cluster)).map(({ action }) => `not undone: ${actionInWords(action)}`);
  const problems = [...open, ...found.problems];
  const { kubeconfig, network, engineEnv, profile } = found.info;
  const clean = problems.length === 0;
  const egress = clean ? await egressCounters(hostOf({ env: engineEnv }), network) : undefined;
  if (json) printJson('holdfast.cluster/1', { cluster, exists: true, clean, problems, kubeconfig, profile, egress });
  else if (egress) {
    print(`Cluster ${cluster} is ready and clean: ${profileInWords(profile)}.\n`);
    const { rejected, left } = egress;
    print(`Traffic out of the lab is blocked: ${rejected} packets blocked, ${left} packets left the lab.\n`);
    print(`KUBECONFIG=${kubeconfig}\n`);
  } else {
    const lines = problems.map((problem) => `  ${problem}\n`).join('');
    const cure = open.length > 0 ? `Undo the changes: ${ownCommand} heal. If that is not enough` : 'Restore it';
    print(`Cluster ${cluster} is not clean:\n${lines}${cure}: ${ownCommand} cluster reset\n`);
  }
  return clean ? exitCodes.pass : exitCodes.error;
}

export async function reset(cluster: string): Promise<void> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  await withLock('lab', 'holdfast cluster reset', async () => {
    if (openActions(journalFile(cluster)).length > 0) await healCluster(cluster, { progress, signal });
    await clusterReset(cluster, { progress, signal });
  });
}

export async function down(cluster: string): Promise<void> {
  const signal = interruptSignal();
  const progress = await terminalProgress();
  await withLock('lab', 'holdfast cluster down', () => clusterDown(cluster, { progress, signal }));
}
