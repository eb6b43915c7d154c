import type { Ms } from '../../model/units.ts';

/** Bytes of events that may wait for a slow disk. The kernel drops events that do not fit. */
const bufferBytes = 33_554_432;

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
  '--buffer-size',
  String(bufferBytes),
];
