/** Names of the files of a run folder, and of an arm's folder in it. */
export const runFiles = { plan: 'plan.json' } as const;

export const armFiles = {
  plan: 'arm.json',
  events: 'events.ndjson',
  conntrack: 'conntrack.log',
  rules: 'rules.log',
  clock: 'clock.ndjson',
  workload: 'workload',
  sums: 'SHA256SUMS',
} as const;

const requestsName = /^requests-([\w-]+)\.ndjson(?:\.gz)?$/;
const workloadName = /^([a-z0-9.-]+)\.ndjson(?:\.gz)?$/;

/** The generator's name in a file's name; undefined where it holds no requests. */
export const generatorOf = (file: string): string | undefined => requestsName.exec(file)?.[1];

/** The pod's name in a file's name of the workload folder. */
export const podOf = (file: string): string | undefined => workloadName.exec(file)?.[1];

/** Streams that grow while an arm is recorded and are compressed when it is sealed. */
export const isStream = (file: string): boolean =>
  file.endsWith('.ndjson') || file === armFiles.conntrack || file === armFiles.rules;
