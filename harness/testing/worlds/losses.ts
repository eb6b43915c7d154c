import type { Files } from './files.ts';

/** Parts of a recording that can be missing: whole files, or some of their lines. `random` differs for each line. */
export const losses: { readonly [what: string]: (line: string, path: string, random: number) => boolean } = {
  conntrack: (_, path) => path === 'conntrack.log',
  'half of conntrack': (_, path, random) => path === 'conntrack.log' && random < 0.5,
  'the beginnings of connections': (line, path) => path === 'conntrack.log' && line.includes('[NEW]'),
  'some beginnings of connections': (line, path, random) =>
    path === 'conntrack.log' && line.includes('[NEW]') && random < 0.01,
  'every pod’s log': (_, path) => path.startsWith('workload/'),
  'the log of one pod': (_, path) => path.includes('old-0'),
  'what pods say of their lives': (line, path) => path.startsWith('workload/') && !/"(start|end)"/.test(line),
  'what pods say of requests': (line, path) => path.startsWith('workload/') && /"(start|end)"/.test(line),
  'the pod watch': (line) => line.includes('"source":"pod"'),
  'the endpoint watch': (line) => line.includes('"source":"endpointslice"'),
  'the engine’s words': (line) => line.includes('"source":"container"'),
  'the leases': (line) => line.includes('"source":"lease"'),
  'Kubernetes’ events': (line) => line.includes('"source":"k8s-event"'),
  'a fifth of all events': (_, path, random) => path === 'events.ndjson' && random < 0.2,
  'a tenth of everything': (_, path, random) => !/^(requests|arm)/.test(path) && random < 0.1,
};

/** The header defines only the format of the events. */
const isHeader = (line: string): boolean => line.startsWith('{"schema":"holdfast.events/');

/** The recording without that part. `drawn` selects the lines to remove if only some of a kind are removed. */
export function without(files: Files, lost: string, drawn: number): Files {
  // The golden ratio spreads the removed lines evenly. Each value of `drawn` selects different lines.
  const share = (index: number) => ((index + 1) * 0.6180339887 + drawn) % 1;
  const gone = losses[lost];
  return Object.fromEntries(
    Object.entries(files).map(([path, lines]) => [
      path,
      lines.filter((line, index) => isHeader(line) || !gone?.(line, path, share(index))),
    ]),
  );
}
