import type { Ms } from '../../model/units.ts';
import { stamp } from './clocks.ts';
import type { Files } from './files.ts';

/**
 * Changes the lines of matching files. In a file of events, the source of an event determines whose clock stamped it.
 */
const changed = (files: Files, path: RegExp, change: (line: string, path: string) => string): Files =>
  Object.fromEntries(
    Object.entries(files).map(([name, all]) => [name, path.test(name) ? all.map((line) => change(line, name)) : all]),
  );

/** Changes the timestamp of a line: `at` in microseconds, or seconds at the start of the line. */
export const restamped = (line: string, to: (at: number) => number): string =>
  line
    .replace(/"at":(\d+)/, (_, at) => `"at":${to(Number(at))}`)
    .replace(/^(\[?)(\d{10})\.(\d{6})/, (_, open, whole, rest) => `${open}${stamp(to(Number(whole + rest)))}`);

const ofClient = /^(?:conntrack|rules)\.log$/;
const requests = /^requests-/;

/** The pods that ran on a node. */
function podsOn(files: Files, node: string): Set<string> {
  const pods = new Set<string>();
  for (const line of files['events.ndjson'] ?? []) {
    if (!line.includes('"source":"pod"')) continue;
    const { name, data } = JSON.parse(line) as { name: string; data: { node: string } };
    if (data.node === node) pods.add(name);
  }
  return pods;
}

/** Sets the clock of a node ahead. It stamps the logs of the pods on it, and its own lease. */
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

/** Sets the clock of the client's node ahead. It stamps requests, connections and rules. */
export function clientAhead(files: Files, ms: Ms): Files {
  const logs = changed(files, ofClient, (line) => restamped(line, (at) => at + ms * 1000));
  return changed(logs, requests, (line) =>
    line.replace(/"(epoch|end)":(1\d{15})/, (_, key, at) => `"${key}":${Number(at) + ms * 1000}`),
  );
}

/**
 * Sets the only clock of a machine ahead, between two times in microseconds. The times of generators do not change,
 * because they are relative to their start, and the monotonic clock does not change either.
 */
export const steppedBy = (files: Files, ms: Ms, from: number, to = Number.POSITIVE_INFINITY): Files =>
  changed(files, /^(?:events|clock|conntrack|rules|workload\/)/, (line) =>
    restamped(line, (at) => (at >= from && at < to ? at + ms * 1000 : at)),
  );

/** Slews the only clock of a machine from a time on, by `parts` per million. */
export const slewed = (files: Files, parts: number, from: number): Files =>
  changed(files, /^(?:events|clock|conntrack|rules|workload\/)/, (line) =>
    restamped(line, (at) => (at <= from ? at : at + Math.round(((at - from) * parts) / 1e6))),
  );
