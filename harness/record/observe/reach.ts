import type { ObjectName } from '../../model/event.ts';
import type { Ms } from '../../model/units.ts';
import { sleep } from '../../sys/clock.ts';
import type { World } from '../../witness/observed-state.ts';
import type { Lab } from '../lab.ts';
import type { Recorder } from '../recorder.ts';

const everyMs: Ms = 1000;
const mostSeconds = 5;

/** Somebody to be asked, as `host:port`. */
export interface Asked {
  /** The pod, or `dependency`, which is no object. */
  readonly about: ObjectName | string;
  readonly address: string;
}

/** Who of an arm is asked directly. */
export interface AskedOf {
  /** The port of its pods, where a fault's witness needs them asked. */
  readonly podPort: number | undefined;
  /** `host:port` of what the workload depends on. */
  readonly dependency: string | undefined;
}

/** Those of them that are there now. */
export const toBeAsked = ({ podPort, dependency }: AskedOf, { pods }: World): Asked[] => [
  ...(dependency === undefined ? [] : [{ about: 'dependency', address: dependency }]),
  ...(podPort === undefined ? [] : [...pods])
    .filter(([, { ip, terminating }]) => ip !== '' && !terminating)
    .map(([name, { ip, namespace }]) => ({ about: { kind: 'Pod', namespace, name }, address: `${ip}:${podPort}` })),
];

/** Each line that curl writes: what it asked, the status (000 where there was no answer), and the seconds that it took. */
const said = /^http:\/\/([^/]+)\/ready (\d{3}) ([\d.]+)$/;

/** Ends well whatever the answers are: they are what there is to see. */
const script = 'curl --silent --parallel --write-out "%{url} %{http_code} %{time_total}\\n" "$@" || true';

const curl = (asked: readonly Asked[]): readonly string[] => [
  'sh',
  '-c',
  script,
  'sh',
  '--max-time',
  String(mostSeconds),
  ...asked.flatMap(({ address }) => ['--output', '/dev/null', `http://${address}/ready`]),
];

/** Asks pods directly, past every Service, from the generator's node, once a second, and records each answer. */
export function watchReach(
  { onNode, generator }: Pick<Lab, 'onNode' | 'generator'>,
  whom: () => readonly Asked[],
  recorder: Recorder,
  signal: AbortSignal,
) {
  const round = async () => {
    const asked = whom();
    if (asked.length === 0) return;
    const { stdout } = await onNode(generator.name, curl(asked), { signal, timeoutMs: (mostSeconds + 5) * 1000 });
    for (const line of stdout.split('\n')) {
      const [, address, status, seconds] = said.exec(line) ?? [];
      const of = asked.find((each) => each.address === address);
      if (of) recorder.record('reach', 'answer', of.about, { answered: status !== '000', ms: Number(seconds) * 1000 });
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
