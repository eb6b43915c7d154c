const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** The limits for reading one file of lines. */
export interface StreamLimits {
  /** After unpacking. */
  readonly maxBytes: number;
  readonly maxLines: number;
}

/**
 * The limits for reading a recording from an unknown source: several times what the longest run writes, and no more
 * than the judge can process. In bytes unless stated otherwise.
 */
export const limits = {
  /** Each arm holds the objects of its workload. */
  plan: 32 * MiB,
  findings: 256 * MiB,
  /** `runs list` reads a summary of every run. */
  summary: 64 * 1024,
  sums: 4 * MiB,
  log: 1024 * MiB,
  /** One compressed stream on disk. */
  sealed: 512 * MiB,
  /** One arm: all unpacked streams, and all files that are read again for their digests. */
  arm: 8 * GiB,
  /** In characters. */
  line: MiB,
  /** Damaged lines of one file. After this many the rest of the file is not read. */
  damagedLines: 1000,
  /** Nesting depth of arrays and objects. */
  nesting: 64,
  /** Entries in one folder of an arm. */
  entries: 10_000,
  generators: 16,
  /**
   * Pods, endpoints, nodes, EndpointSlices and other subjects in the events of an arm, which the judge compares with
   * each other.
   */
  subjects: 5000,
  /** Runs of arms in one plan. */
  arms: 5000,
  experiments: 100,
  /** Kubernetes objects of one workload. */
  objects: 5000,
  /** Disruptions of an arm, which the judge compares with each other. */
  disruptions: 1000,
  demands: 1000,
  /** A stream may unpack to `unpackedRatio` times its compressed size plus `unpackedFree`. */
  unpackedRatio: 200,
  unpackedFree: 16 * MiB,
  /** Failed requests of an arm, which are kept in memory until their causes are found. */
  failures: 2_000_000,
} as const;

/** The limits of each kind of stream. */
export const streamLimits = {
  events: { maxBytes: 256 * MiB, maxLines: 2_000_000 },
  clock: { maxBytes: 64 * MiB, maxLines: 1_000_000 },
  rules: { maxBytes: 64 * MiB, maxLines: 1_000_000 },
  conntrack: { maxBytes: 4 * GiB, maxLines: 50_000_000 },
  requests: { maxBytes: 4 * GiB, maxLines: 50_000_000 },
  /** For one pod. */
  workload: { maxBytes: 256 * MiB, maxLines: 5_000_000 },
} as const satisfies { readonly [stream: string]: StreamLimits };

/** The kinds of streams. */
export type StreamKind = keyof typeof streamLimits;
