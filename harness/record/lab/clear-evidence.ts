import type { Ms } from '../../model/units.ts';
import type { Lab } from './lab.ts';

const clearLimitMs: Ms = 20_000;

/** Removes an arm's evidence from every node that runs. Pods write as root; a node may remove what its user may not. */
export async function clearEvidence(lab: Lab, evidencePath: string, signal: AbortSignal): Promise<void> {
  await Promise.all(
    lab.info.nodes.map(async ({ name }) => {
      if ((await lab.power.state(name, signal)) !== 'running') return;
      await lab.onNode(name, ['rm', '-rf', `/evidence/${evidencePath}`], { signal, timeoutMs: clearLimitMs });
    }),
  );
}
