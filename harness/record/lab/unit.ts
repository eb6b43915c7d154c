import { ExecError } from '../../sys/exec.ts';
import type { Lab } from './lab.ts';

/** The programs of holdfast that run on a node while traffic flows. */
export const units = ['holdfast-conntrack', 'holdfast-rules'] as const;
export type Unit = (typeof units)[number];

/**
 * Starts a program on a node as its own systemd unit, with the highest priority, so that it never waits for the CPU.
 */
export async function startUnit(
  { onNode }: Pick<Lab, 'onNode'>,
  {
    node,
    unit,
    command,
    output,
  }: {
    readonly node: string;
    readonly unit: Unit;
    readonly command: readonly string[];
    /** The file for its output; by default the journal of the node. */
    readonly output?: string;
  },
  signal: AbortSignal,
): Promise<void> {
  const options = ['--quiet', '--collect', `--unit=${unit}`, '--nice=-20'];
  const to = output === undefined ? [] : [`--property=StandardOutput=file:${output}`];
  await onNode(node, ['systemd-run', ...options, ...to, ...command], { signal });
}

/** Stops the unit. Has no effect if it does not run. */
export async function stopUnit(
  { onNode }: Pick<Lab, 'onNode'>,
  node: string,
  unit: Unit,
  signal: AbortSignal,
): Promise<void> {
  await onNode(node, ['systemctl', 'stop', unit], { timeoutMs: 10_000, signal }).catch((error: unknown) => {
    // systemctl exits with 5 if there is no such unit.
    if (!(error instanceof ExecError && error.exitCode === 5)) throw error;
  });
}
