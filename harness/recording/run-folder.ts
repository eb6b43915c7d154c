import type { StreamKind } from './limits.ts';

/** The names of the files in the folder of a run. */
export const runFiles = {
  plan: 'plan.json',
  journal: 'journal.ndjson',
  findings: 'findings.json',
  summary: 'summary.json',
} as const;

/** The names of the files in the folder of an arm. */
export const armFiles = {
  plan: 'arm.json',
  events: 'events.ndjson',
  conntrack: 'conntrack.log',
  rules: 'rules.log',
  clock: 'clock.ndjson',
  workload: 'workload',
  logs: 'logs',
  sums: 'SHA256SUMS',
} as const;

const streamNames: { readonly [file: string]: StreamKind } = {
  [armFiles.events]: 'events',
  [armFiles.conntrack]: 'conntrack',
  [armFiles.rules]: 'rules',
  [armFiles.clock]: 'clock',
};

const requestsName = /^requests-([\w-]{1,40})\.ndjson(?:\.gz)?$/;
/** The name of a pod is a DNS subdomain name (RFC 1123). */
const workloadName = /^((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.ndjson(?:\.gz)?$/;
const logName = /^[A-Za-z0-9][\w.-]*\.log$/;

/** The name of the generator in the name of a requests file; undefined for other files. */
export const generatorOf = (file: string): string | undefined => requestsName.exec(file)?.[1];

/** The name of the pod in the name of a file in the workload folder. */
export const podOf = (file: string): string | undefined => workloadName.exec(file)?.[1];

const inFolder = (folder: string, file: string): string | undefined =>
  file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined;

/**
 * The kind of stream in a file of an arm, by its path in the folder, compressed or not; undefined if it is not a
 * stream. Streams grow during the recording and are compressed afterwards.
 */
export function streamKindOf(file: string): StreamKind | undefined {
  const plain = file.replace(/\.gz$/, '');
  if (Object.hasOwn(streamNames, plain)) return streamNames[plain];
  if (generatorOf(plain) !== undefined) return 'requests';
  const log = inFolder(armFiles.workload, plain);
  return log !== undefined && podOf(log) !== undefined ? 'workload' : undefined;
}

/** Whether a file belongs to the recording of an arm: its plan, its streams, and logs. The list of digests does not. */
export const isOfArm = (file: string): boolean =>
  file === armFiles.plan || streamKindOf(file) !== undefined || logName.test(inFolder(armFiles.logs, file) ?? '');
