import { ExecError } from '../../sys/exec.ts';
import type { Lab } from './lab.ts';

/** Programs of ours that go on running on a node while traffic flows. */
export const units = ['holdfast-conntrack', 'holdfast-rules'] as const;
export type Unit = (typeof units)[number];

/** Starts a program on a node as a unit of its own, ahead of all others: it never waits for the processor. */
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
    /** A file for what it prints; the node's journal unless told. */
    readonly output?: string;
  },
  signal: AbortSignal,
): Promise<void> {
  const options = ['--quiet', '--collect', `--unit=${unit}`, '--nice=-20'];
  const to = output === undefined ? [] : [`--property=StandardOutput=file:${output}`];
  await onNode(node, ['systemd-run', ...options, ...to, ...command], { signal });
}

/** Ends it, if it is there. */
export async function stopUnit(
  { onNode }: Pick<Lab, 'onNode'>,
  node: string,
  unit: Unit,
  signal: AbortSignal,
): Promise<void> {
  await onNode(node, ['systemctl', 'stop', unit], { timeoutMs: 10_000, signal }).catch((error: unknown) => {
    // 5: no such unit, so it has ended.
    if (!(error instanceof ExecError && error.exitCode === 5)) throw error;
  });
}
