import { pipeline } from 'node:stream/promises';
import { printable } from '../model/printable.ts';
import { armFiles } from '../recording/run-folder.ts';
import { closeFile, listFolder, openFile, streamOf } from '../sys/files/read.ts';
import { createStream, makeFolders, removeFile } from '../sys/files/write.ts';
import { isDnsName } from './dns-name.ts';
import type { Lab } from './lab/lab.ts';
import { requestsFile } from './traffic/generator.ts';

const mebibyte = 1024 ** 2;
/** Of one folder. An arm has far fewer pods. */
const maxEntries = 1000;
/** Of the requests of one generator, or of the connections. */
const maxTrafficBytes = 512 * mebibyte;
const maxPodLogBytes = 64 * mebibyte;
/** Of all that is copied for one arm. */
const maxArmBytes = 2048 * mebibyte;
/** So many are named; of more, only the number is said. */
const maxNamed = 20;

const podLogEnding = '.ndjson';
const isPodLog = (name: string): boolean =>
  name.endsWith(podLogEnding) && isDnsName(name.slice(0, -podLogEnding.length));

export interface Collection {
  readonly lab: Pick<Lab, 'info' | 'generator'>;
  /** Below every node's evidence folder: what the arm's pods wrote. */
  readonly evidencePath: string;
  /** Whose requests are expected. */
  readonly generators: readonly string[];
  /** The arm's folder of the recording. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** A file of a node's evidence folder that may be copied. */
interface Found {
  readonly node: string;
  readonly root: string;
  readonly path: string;
}

/**
 * Copies an arm's evidence from every node into its recording: regular files only, of the names that are expected, each
 * from one node, never through a link and never over what is there. What pods wrote is not trusted, and a problem with it
 * is no reason to stop: whatever is left out is returned in words, and the judge sees that it is missing. `maxBytes` are
 * copied in all. Never throws.
 */
export async function collectEvidence(collection: Collection, maxBytes = maxArmBytes): Promise<string[]> {
  const leftOut: string[] = [];
  const found = new Map<string, Found[]>();
  for (const place of placesOf(collection)) find(place, found, leftOut);
  let left = maxBytes;
  for (const [name, places] of found) {
    const [only] = places;
    if (!only || places.length > 1) {
      leftOut.push(`${name}: written on two nodes: ${places.map(({ node }) => node).join(', ')}`);
      continue;
    }
    try {
      left -= await copy(only, name, Math.min(left, maxBytesOf(name)), collection);
    } catch (error) {
      leftOut.push(`${only.node}: ${name}: ${reasonOf(error)}`);
    }
  }
  const more = leftOut.length - maxNamed;
  return more > 0 ? [...leftOut.slice(0, maxNamed), `and ${more} more files`] : leftOut;
}

/** A folder of a node, and which of its names are expected. */
interface Place {
  readonly node: string;
  readonly root: string;
  readonly path: string;
  /** Where its files belong in the recording, below the arm's folder. */
  readonly to: string;
  readonly isExpected: (name: string) => boolean;
}

function placesOf({ lab, evidencePath, generators }: Collection): Place[] {
  const ofTraffic = new Set<string>([
    ...generators.map(requestsFile),
    ...(generators.length > 0 ? [armFiles.conntrack] : []),
  ]);
  return lab.info.nodes.flatMap(({ name: node, evidence: root }) => [
    // Only its own node records traffic.
    {
      node,
      root,
      path: evidencePath,
      to: '',
      isExpected: (name) => node === lab.generator.name && ofTraffic.has(name),
    },
    {
      node,
      root,
      path: `${evidencePath}/${armFiles.workload}`,
      to: `${armFiles.workload}/`,
      isExpected: isPodLog,
    },
  ]);
}

const maxBytesOf = (name: string): number =>
  name.startsWith(`${armFiles.workload}/`) ? maxPodLogBytes : maxTrafficBytes;

const reasonOf = (error: unknown): string => printable(error instanceof Error ? error.message : String(error));

function find({ node, root, path, to, isExpected }: Place, found: Map<string, Found[]>, leftOut: string[]): void {
  try {
    for (const { name, kind } of listFolder(root, path, { maxEntries }) ?? []) {
      // It is looked at by itself, whatever it is.
      if (to === '' && name === armFiles.workload) continue;
      if (kind === 'file' && isExpected(name))
        found.set(`${to}${name}`, [...(found.get(`${to}${name}`) ?? []), { node, root, path: `${path}/${name}` }]);
      else leftOut.push(`${node}: ${to}${printable(name).slice(0, 100)}: not a regular file of an expected name`);
    }
  } catch (error) {
    leftOut.push(`${node}: ${to || 'its folder'}: ${reasonOf(error)}`);
  }
}

/** Copies a file to the size that it has when it is opened; an empty one is none. Returns how many bytes that were. */
async function copy(from: Found, name: string, maxBytes: number, { folder, signal }: Collection): Promise<number> {
  const source = openFile(from.root, from.path, { maxBytes });
  if (!source) throw new Error('gone since the folder was listed');
  const { size } = source.stats;
  if (size === 0) {
    closeFile(source);
    return 0;
  }
  const target = newFile(folder, name, source);
  try {
    await pipeline(streamOf(source), target, { signal });
  } catch (error) {
    // Half a log would be taken for a whole one.
    removeFile(folder, name);
    throw error;
  }
  return size;
}

function newFile(folder: string, name: string, source: Parameters<typeof closeFile>[0]) {
  try {
    if (name.startsWith(`${armFiles.workload}/`)) makeFolders(folder, armFiles.workload);
    return createStream(folder, name);
  } catch (error) {
    closeFile(source);
    throw error;
  }
}
