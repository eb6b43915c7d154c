import type { StreamKind } from './limits.ts';

/** Names of the files of a run folder. */
export const runFiles = {
  plan: 'plan.json',
  journal: 'journal.ndjson',
  findings: 'findings.json',
  summary: 'summary.json',
} as const;

/** Names of the files of an arm's folder. */
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
/** A pod's name is a DNS subdomain name (RFC 1123). */
const workloadName = /^((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.ndjson(?:\.gz)?$/;
const logName = /^[A-Za-z0-9][\w.-]*\.log$/;

/** The generator's name in a file's name; undefined if it holds no requests. */
export const generatorOf = (file: string): string | undefined => requestsName.exec(file)?.[1];

/** The pod's name in a file's name of the workload folder. */
export const podOf = (file: string): string | undefined => workloadName.exec(file)?.[1];

const inFolder = (folder: string, file: string): string | undefined =>
  file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined;

/**
 * What a file of an arm's folder holds, by its path there, sealed or not; undefined if it is no stream. Streams grow while
 * an arm is recorded and are compressed when it is sealed.
 */
export function streamKindOf(file: string): StreamKind | undefined {
  const plain = file.replace(/\.gz$/, '');
  if (Object.hasOwn(streamNames, plain)) return streamNames[plain];
  if (generatorOf(plain) !== undefined) return 'requests';
  const log = inFolder(armFiles.workload, plain);
  return log !== undefined && podOf(log) !== undefined ? 'workload' : undefined;
}

/** Whether a file belongs to an arm's recording: its plan, its streams, and logs for people. Its digests are not among them. */
export const isOfArm = (file: string): boolean =>
  file === armFiles.plan || streamKindOf(file) !== undefined || logName.test(inFolder(armFiles.logs, file) ?? '');
