import { constants, createWriteStream } from 'node:fs';
import { lstat, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Lab } from './lab.ts';

/** A single file of evidence is never this large; a larger one is cut, which the judge sees. */
const capBytes = 1_000_000_000;

/**
 * Copies the regular files of a folder that pods wrote. They are not trusted: no links, no devices, no sub-folders,
 * names of plain characters only. Returns what was left out, and why. A folder that is not there has no files.
 */
export async function collectFiles(from: string, to: string): Promise<string[]> {
  const leftOut: string[] = [];
  const names = await readdir(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  await mkdir(to, { recursive: true });
  for (const name of names) {
    const path = join(from, name);
    const stats = await lstat(path);
    if (stats.isDirectory()) continue;
    if (!stats.isFile() || !/^[\w.-]+$/.test(name)) {
      leftOut.push(`${name}: not a regular file with a plain name`);
      continue;
    }
    const source = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    if (stats.size > capBytes) leftOut.push(`${name}: cut at ${capBytes} of ${stats.size} bytes`);
    // A file that grows while it is read is read to the size it had.
    if (stats.size === 0) await source.close();
    else {
      await pipeline(
        source.createReadStream({ start: 0, end: Math.min(stats.size, capBytes) - 1 }),
        createWriteStream(join(to, name), { flags: 'wx' }),
      );
    }
  }
  return leftOut;
}

/** Brings an arm's evidence from every node into its recording. Returns what was left out. */
export async function collectEvidence(lab: Lab, evidencePath: string, folder: string): Promise<string[]> {
  const leftOut = await Promise.all(
    lab.info.nodes.map(async ({ name, evidence }) => {
      const from = join(evidence, evidencePath);
      const words = [
        ...(await collectFiles(from, folder)),
        ...(await collectFiles(join(from, 'workload'), join(folder, 'workload'))),
      ];
      return words.map((word) => `${name}: ${word}`);
    }),
  );
  return leftOut.flat();
}

/** Removes an arm's evidence from every node that runs. Pods write as root; a node may remove what its user may not. */
export async function clearEvidence(lab: Lab, evidencePath: string, signal: AbortSignal): Promise<void> {
  await Promise.all(
    lab.info.nodes.map(async ({ name }) => {
      if ((await lab.power.state(name, signal)) !== 'running') return;
      await lab.onNode(name, ['rm', '-rf', `/evidence/${evidencePath}`], { signal, timeoutMs: 20_000 });
    }),
  );
}
