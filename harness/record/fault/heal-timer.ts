import type { Ms } from '../../model/units.ts';
import { ExecError } from '../../sys/exec.ts';
import type { Lab } from '../lab.ts';

/** A fault inside a node ends by itself after so long, should nobody be left to heal it. */
export const deadManMs: Ms = 900_000;

/** All that a timer of ours is called; verifying a cluster looks for them. */
const unitOf = (fault: string) => `holdfast-${fault}-ends`;

/**
 * Sets a timer in the node that runs a command when its time is over, whatever became of us. Set before the fault: from
 * then on it cannot stay. A second one of the same fault takes the place of the first.
 */
export async function setDeadMan(
  lab: Pick<Lab, 'onNode'>,
  { node, fault, command }: { readonly node: string; readonly fault: string; readonly command: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  await stopDeadMan(lab, node, fault, signal);
  const timer = ['--quiet', '--collect', `--unit=${unitOf(fault)}`, `--on-active=${deadManMs / 1000}`];
  await lab.onNode(node, ['systemd-run', ...timer, ...command], { signal, timeoutMs: 10_000 });
}

/** Ends the timer, if it is there. */
export async function stopDeadMan(
  { onNode }: Pick<Lab, 'onNode'>,
  node: string,
  fault: string,
  signal: AbortSignal,
): Promise<void> {
  await onNode(node, ['systemctl', 'stop', `${unitOf(fault)}.timer`], { signal, timeoutMs: 10_000 }).catch(
    (error: unknown) => {
      // 5: there is no such unit.
      if (!(error instanceof ExecError && error.exitCode === 5)) throw error;
    },
  );
}
