import type { Ms } from '../../model/units.ts';
import { poll } from '../../sys/clock.ts';
import { ExecError } from '../../sys/exec.ts';
import { readOwnFile } from '../../sys/files/system.ts';
import type { Lab } from '../lab/lab.ts';

/** Bytes of events that may wait for conntrack. The kernel drops events that do not fit. */
const bufferBytes = 33_554_432;
const startLimitMs: Ms = 10_000;
/** The exit code of enlarge-buffer.pl. */
const noSocketYet = 75;

/**
 * The command on the node of the generators that prints every connection to a Service and the endpoint chosen for it.
 * It flushes each line. It ends by itself after `limitMs`, even if holdfast is gone.
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
];

/**
 * Waits until conntrack receives events on a node, and enlarges the buffer of its socket. `--buffer-size` of
 * conntrack-tools 1.4.8 enlarges another socket. With the default of the kernel, events are lost when many entries are
 * deleted at once. Throws `NotInTime` if it does not start.
 */
export const enlargeBuffer = ({ onNode }: Pick<Lab, 'onNode'>, node: string, signal: AbortSignal): Promise<void> => {
  const script = readOwnFile(new URL('enlarge-buffer.pl', import.meta.url));
  return poll('conntrack', startLimitMs, signal, async () => {
    try {
      await onNode(node, ['perl', '-', String(bufferBytes)], { input: script, signal });
      return { done: undefined };
    } catch (error) {
      if (!(error instanceof ExecError) || error.exitCode !== noSocketYet) throw error;
      return { waitingFor: 'its socket' };
    }
  });
};
