import type { Ms } from '../../model/units.ts';
import { stamp } from './clocks.ts';
import type { Files } from './files.ts';

/** Whose moments a line has: those of a file of events are of who noted them, as its source says. */
const changed = (files: Files, path: RegExp, change: (line: string, path: string) => string): Files =>
  Object.fromEntries(
    Object.entries(files).map(([name, all]) => [name, path.test(name) ? all.map((line) => change(line, name)) : all]),
  );

/** A line's own moment, changed: `at` in microseconds, or seconds at its beginning. */
export const restamped = (line: string, to: (at: number) => number): string =>
  line
    .replace(/"at":(\d+)/, (_, at) => `"at":${to(Number(at))}`)
    .replace(/^(\[?)(\d{10})\.(\d{6})/, (_, open, whole, rest) => `${open}${stamp(to(Number(whole + rest)))}`);

const ofClient = /^(?:conntrack|rules)\.log$/;
const requests = /^requests-/;

/** The pods that were seen on a node. */
function podsOn(files: Files, node: string): Set<string> {
  const pods = new Set<string>();
  for (const line of files['events.ndjson'] ?? []) {
    if (!line.includes('"source":"pod"')) continue;
    const { name, data } = JSON.parse(line) as { name: string; data: { node: string } };
    if (data.node === node) pods.add(name);
  }
  return pods;
}

/** A clock of a node is so much ahead: it stamps the logs of pods there, and its own lease. */
export function nodeAhead(files: Files, node: string, ms: Ms): Files {
  const pods = podsOn(files, node);
  const logs = changed(files, /^workload\//, (line, path) =>
    pods.has(path.replace(/^workload\/(.*)\.ndjson$/, '$1')) ? restamped(line, (at) => at + ms * 1000) : line,
  );
  const lease = new RegExp(`"source":"lease".*"name":"${node}"`);
  return changed(logs, /^events/, (line) =>
    lease.test(line)
      ? line.replace(/"renewed":"([^"]+)"/, (_, at) => `"renewed":"${new Date(Date.parse(at) + ms).toISOString()}"`)
      : line,
  );
}

/** The clock of the client's node is so much ahead: it stamps requests, connections and rules. */
export function clientAhead(files: Files, ms: Ms): Files {
  const logs = changed(files, ofClient, (line) => restamped(line, (at) => at + ms * 1000));
  return changed(logs, requests, (line) =>
    line.replace(/"(epoch|end)":(1\d{15})/, (_, key, at) => `"${key}":${Number(at) + ms * 1000}`),
  );
}

/**
 * The one clock of a machine is so much ahead from a moment to another, in microseconds. Generators count from its
 * beginning on, and do not notice; nor does the monotonic clock.
 */
export const steppedBy = (files: Files, ms: Ms, from: number, to = Number.POSITIVE_INFINITY): Files =>
  changed(files, /^(?:events|clock|conntrack|rules|workload\/)/, (line) =>
    restamped(line, (at) => (at >= from && at < to ? at + ms * 1000 : at)),
  );

/** Its clock is slewed from a moment on, by so many parts in a million. */
export const slewed = (files: Files, parts: number, from: number): Files =>
  changed(files, /^(?:events|clock|conntrack|rules|workload\/)/, (line) =>
    restamped(line, (at) => (at <= from ? at : at + Math.round(((at - from) * parts) / 1e6))),
  );
