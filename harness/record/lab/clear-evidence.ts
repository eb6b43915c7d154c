import type { Ms } from '../../model/units.ts';
import type { Lab } from './lab.ts';

const clearLimitMs: Ms = 20_000;

/** Removes the evidence of an arm from every running node. Pods write as root, so the removal runs inside the node. */
export async function clearEvidence(lab: Lab, evidencePath: string, signal: AbortSignal): Promise<void> {
  await Promise.all(
    lab.info.nodes.map(async ({ name }) => {
      if ((await lab.power.state(name, signal)) !== 'running') return;
      await lab.onNode(name, ['rm', '-rf', `/evidence/${evidencePath}`], { signal, timeoutMs: clearLimitMs });
    }),
  );
}
