const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** What is read of one file of lines. */
export interface StreamLimits {
  /** Unpacked. */
  readonly maxBytes: number;
  readonly maxLines: number;
}

/**
 * What is read of a recording, which may be anybody's: several times what the longest run writes, and no more than a judge
 * gets through. Bytes, unless it says otherwise.
 */
export const limits = {
  plan: 16 * MiB,
  findings: 256 * MiB,
  /** `runs list` reads one of every run. */
  summary: 64 * 1024,
  sums: 4 * MiB,
  log: 1024 * MiB,
  /** One sealed stream, as it lies on the disk. */
  sealed: 512 * MiB,
  /** One arm: what is unpacked of its streams, and what is read again for its digests. */
  arm: 8 * GiB,
  /** In characters. */
  line: MiB,
  /** Lines of one file: after so many the rest of it is not read. */
  damagedLines: 1000,
  /** Levels of arrays and objects in one another. */
  nesting: 64,
  /** Files and folders in one folder of an arm. */
  entries: 10_000,
  generators: 16,
  /** Pods, endpoints, nodes, slices and other subjects of an arm's events: what a judge compares with one another. */
  subjects: 5000,
  /** Runs of arms in one plan. */
  arms: 5000,
  experiments: 100,
  /** A stream may be so many times as large as its sealed form, and `unpackedFree` larger. */
  unpackedRatio: 200,
  unpackedFree: 16 * MiB,
  /** Failed requests of an arm, each of which is held until its cause is found. */
  failures: 2_000_000,
} as const;

/** By what a stream holds. */
export const streamLimits = {
  events: { maxBytes: 256 * MiB, maxLines: 2_000_000 },
  clock: { maxBytes: 64 * MiB, maxLines: 1_000_000 },
  rules: { maxBytes: 64 * MiB, maxLines: 1_000_000 },
  conntrack: { maxBytes: 4 * GiB, maxLines: 50_000_000 },
  requests: { maxBytes: 4 * GiB, maxLines: 50_000_000 },
  /** Of one pod. */
  workload: { maxBytes: 256 * MiB, maxLines: 5_000_000 },
} as const satisfies { readonly [stream: string]: StreamLimits };

/** What a stream holds. */
export type StreamKind = keyof typeof streamLimits;
