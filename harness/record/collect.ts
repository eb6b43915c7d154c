import { pipeline } from 'node:stream/promises';
import { printable } from '../model/printable.ts';
import { reason } from '../model/reason.ts';
import { armFiles } from '../recording/run-folder.ts';
import { closeFile, listFolder, openFile, streamOf } from '../sys/files/read.ts';
import { createStream, makeFolders, removeFile } from '../sys/files/write.ts';
import { isDnsName } from './dns-name.ts';
import type { Lab } from './lab/lab.ts';
import { requestsFile } from './traffic/generator.ts';

const mebibyte = 1024 ** 2;
/** Entries in one folder. An arm has far fewer pods. */
const maxEntries = 1000;
/** Bytes of the requests file of one generator, or of the connections file. */
const maxTrafficBytes = 512 * mebibyte;
const maxPodLogBytes = 64 * mebibyte;
/** Bytes that are copied for one arm in total. */
const maxArmBytes = 2048 * mebibyte;
/** At most this many files are named; for the rest only the number is given. */
const maxNamed = 20;

const podLogEnding = '.ndjson';
const isPodLog = (name: string): boolean =>
  name.endsWith(podLogEnding) && isDnsName(name.slice(0, -podLogEnding.length));

export interface Collection {
  readonly lab: Pick<Lab, 'info' | 'generator'>;
  /** The path below the evidence folder of every node at which the pods of the arm wrote. */
  readonly evidencePath: string;
  /** The names of the generators whose requests are expected. */
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
 * Copies the evidence of an arm from every node into its recording. It copies only regular files with expected names,
 * each from one node. It follows no links and overwrites nothing. The files that pods wrote are not trusted, and a
 * problem with them does not stop the run: the result lists in words what was left out, and the judge sees that it is
 * missing. At most `maxBytes` are copied in total. Never throws.
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
      leftOut.push(`${only.node}: ${name}: ${printable(reason(error))}`);
    }
  }
  const more = leftOut.length - maxNamed;
  return more > 0 ? [...leftOut.slice(0, maxNamed), `and ${more} more files`] : leftOut;
}

/** A folder of a node, and the file names that are expected in it. */
interface Place {
  readonly node: string;
  readonly root: string;
  readonly path: string;
  /** The folder for its files in the recording, below the folder of the arm. */
  readonly to: string;
  readonly isExpected: (name: string) => boolean;
}

function placesOf({ lab, evidencePath, generators }: Collection): Place[] {
  const ofTraffic = new Set<string>([
    ...generators.map(requestsFile),
    ...(generators.length > 0 ? [armFiles.conntrack] : []),
  ]);
  return lab.info.nodes.flatMap(({ name: node, evidence: root }) => [
    // Traffic is recorded only on the node of the generators.
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

function find({ node, root, path, to, isExpected }: Place, found: Map<string, Found[]>, leftOut: string[]): void {
  try {
    for (const { name, kind } of listFolder(root, path, { maxEntries }) ?? []) {
      // This folder has an entry of its own.
      if (to === '' && name === armFiles.workload) continue;
      if (kind === 'file' && isExpected(name))
        found.set(`${to}${name}`, [...(found.get(`${to}${name}`) ?? []), { node, root, path: `${path}/${name}` }]);
      else leftOut.push(`${node}: ${to}${printable(name).slice(0, 100)}: not a regular file of an expected name`);
    }
  } catch (error) {
    leftOut.push(`${node}: ${to || 'its folder'}: ${printable(reason(error))}`);
  }
}

/**
 * Copies a file up to the size that it has when it is opened. An empty file is not copied. Returns the number of bytes.
 */
async function copy(from: Found, name: string, maxBytes: number, { folder, signal }: Collection): Promise<number> {
  const source = openFile(from.root, from.path, { maxBytes });
  if (!source) throw new Error('removed since the folder was listed');
  const { size } = source.stats;
  if (size === 0) {
    closeFile(source);
    return 0;
  }
  const target = newFile(folder, name, source);
  try {
    await pipeline(streamOf(source), target, { signal });
  } catch (error) {
    // The judge would take a partial log for a complete one.
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
