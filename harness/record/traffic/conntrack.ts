import type { Ms } from '../../model/units.ts';

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
