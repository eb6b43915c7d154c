import type { ObjectName } from '../../model/event.ts';
import type { Ms } from '../../model/units.ts';
import { sleep } from '../../sys/clock.ts';
import type { ObservedState } from '../../witness/observed-state.ts';
import type { Lab } from '../lab/lab.ts';
import type { Recorder } from './recorder.ts';

const everyMs: Ms = 1000;
const mostSeconds = 5;

/** An address to probe, as `host:port`. */
export interface ProbeTarget {
  /** The pod, or `dependency`, which is not an object. */
  readonly about: ObjectName | string;
  readonly address: string;
}

/** What the observers of an arm probe directly. */
export interface Probes {
  /** The port of the pods, if the witness of a fault needs probes of pods. */
  readonly podPort: number | undefined;
  /** `host:port` of the dependency of the workload. */
  readonly dependency: string | undefined;
}

/** The addresses that exist now. */
export const probeTargets = ({ podPort, dependency }: Probes, { pods }: ObservedState): ProbeTarget[] => [
  ...(dependency === undefined ? [] : [{ about: 'dependency', address: dependency }]),
  ...(podPort === undefined ? [] : [...pods])
    .filter(([, { ip, terminating }]) => ip !== '' && !terminating)
    .map(([name, { ip, namespace }]) => ({ about: { kind: 'Pod', namespace, name }, address: `${ip}:${podPort}` })),
];

/** A line that curl prints: the URL, the status (000 without an answer), and the time in seconds. */
const curlLine = /^http:\/\/([^/]+)\/ready (\d{3}) ([\d.]+)$/;

/** The exit code is always 0, because a missing answer is a result. */
const script = 'curl --silent --parallel --write-out "%{url} %{http_code} %{time_total}\\n" "$@" || true';

const curl = (targets: readonly ProbeTarget[]): readonly string[] => [
  'sh',
  '-c',
  script,
  'sh',
  '--max-time',
  String(mostSeconds),
  ...targets.flatMap(({ address }) => ['--output', '/dev/null', `http://${address}/ready`]),
];

/**
 * Probes pods directly and not through a Service, from the node of the generators, once a second. Records each answer.
 */
export function watchReach(
  { onNode, generator }: Pick<Lab, 'onNode' | 'generator'>,
  targetsNow: () => readonly ProbeTarget[],
  recorder: Recorder,
  signal: AbortSignal,
) {
  const round = async () => {
    const targets = targetsNow();
    if (targets.length === 0) return;
    const { stdout } = await onNode(generator.name, curl(targets), { signal, timeoutMs: (mostSeconds + 5) * 1000 });
    for (const line of stdout.split('\n')) {
      const [, address, status, seconds] = curlLine.exec(line) ?? [];
      const target = targets.find((each) => each.address === address);
      if (target)
        recorder.record('reach', 'answer', target.about, { answered: status !== '000', ms: Number(seconds) * 1000 });
    }
  };
  const ask = async () => {
    while (!signal.aborted) {
      await round().catch((error: Error) => {
        if (!signal.aborted) recorder.record('watch', 'interrupted', 'reach', { reason: error.message });
      });
      await sleep(everyMs, signal).catch(() => undefined);
    }
  };
  return { ended: ask() };
}
