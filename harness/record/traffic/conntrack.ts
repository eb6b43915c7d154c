import type { Ms } from '../../model/units.ts';
import { ExecError } from '../../sys/exec.ts';
import type { Lab } from '../lab.ts';

/** Bytes of events that may wait while the disk is slow: the kernel drops what does not fit. */
const bufferBytes = 33_554_432;

/**
 * What to run on the generator's node so that it prints every connection to a Service and the endpoint chosen for it.
 * It flushes each line, and ends by itself after `limitMs`, should nobody be left to end it.
 */
export const conntrackCommand = (clusterIp: string, limitMs: Ms): readonly string[] => [
  'timeout',
  String(Math.ceil(limitMs / 1000)),
  'conntrack',
  '-E',
  '-o',
  'timestamp',
  '-e',
  'NEW,DESTROY',
  '-p',
  'tcp',
  '--orig-dst',
  clusterIp,
  '--buffer-size',
  String(bufferBytes),
];

const unit = 'holdfast-conntrack';

/** Starts the record on a node as a unit of its own. It stamps an event when it reads it, so it never waits for the processor. */
export async function startConntrack(
  { onNode }: Pick<Lab, 'onNode'>,
  {
    node,
    clusterIp,
    file,
    limitMs,
  }: { readonly node: string; readonly clusterIp: string; readonly file: string; readonly limitMs: Ms },
  signal: AbortSignal,
): Promise<void> {
  const options = ['--quiet', '--collect', `--unit=${unit}`, `--property=StandardOutput=file:${file}`, '--nice=-20'];
  await onNode(node, ['systemd-run', ...options, ...conntrackCommand(clusterIp, limitMs)], { signal });
}

/** Ends it, if it is there. */
export async function stopConntrack({ onNode }: Pick<Lab, 'onNode'>, node: string, signal: AbortSignal): Promise<void> {
  await onNode(node, ['systemctl', 'stop', unit], { timeoutMs: 10_000, signal }).catch((error: unknown) => {
    // 5: no such unit, so it has ended.
    if (!(error instanceof ExecError && error.exitCode === 5)) throw error;
  });
}
