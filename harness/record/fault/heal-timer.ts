import type { Ms } from '../../model/units.ts';
import { ExecError } from '../../sys/exec.ts';
import type { Lab } from '../lab/lab.ts';

/** A fault inside a node ends by itself after this time, even if holdfast is gone. */
export const healTimerMs: Ms = 900_000;

/** The name of the systemd unit of a timer. The verification of a cluster looks for these names. */
const unitOf = (fault: string) => `holdfast-${fault}-ends`;

/**
 * Starts a timer in the node that runs `command` after `healTimerMs`. It runs even if holdfast is gone. Start it before
 * the fault, so that the fault cannot stay. It replaces an earlier timer of the same fault.
 */
export async function startHealTimer(
  lab: Pick<Lab, 'onNode'>,
  { node, fault, command }: { readonly node: string; readonly fault: string; readonly command: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  await stopHealTimer(lab, node, fault, signal);
  const timer = ['--quiet', '--collect', `--unit=${unitOf(fault)}`, `--on-active=${healTimerMs / 1000}`];
  await lab.onNode(node, ['systemd-run', ...timer, ...command], { signal, timeoutMs: 10_000 });
}

/** Stops the timer. Has no effect if there is none. */
export async function stopHealTimer(
  { onNode }: Pick<Lab, 'onNode'>,
  node: string,
  fault: string,
  signal: AbortSignal,
): Promise<void> {
  await onNode(node, ['systemctl', 'stop', `${unitOf(fault)}.timer`], { signal, timeoutMs: 10_000 }).catch(
    (error: unknown) => {
      // systemctl exits with 5 if there is no such unit.
      if (!(error instanceof ExecError && error.exitCode === 5)) throw error;
    },
  );
}
