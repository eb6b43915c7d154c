import { arch } from 'node:os';
import type { Progress } from '../../harness/model/progress.ts';
import { unpackArtefacts } from './archive.ts';
import { labFolders } from './contents.ts';
import { foldersOf, type Manifest } from './manifest.ts';

/** Copies an exported lab into the cache. Throws and copies nothing if the archive is damaged or of another commit. */
export async function importLab(
  file: string,
  options: { readonly progress: Progress; readonly signal?: AbortSignal },
): Promise<void> {
  const folders = await labFolders();
  await options.progress.step(`Import ${folders.length} artefacts`, () =>
    unpackArtefacts(file, (manifest) => checkFit(manifest, folders), options.signal),
  );
}

/** Throws unless the archive has exactly the artefacts of this checkout. Others could be used by a later commit. */
export function checkFit(manifest: Manifest, folders: readonly string[]): void {
  if (manifest.arch !== arch()) throw new Error(`it was exported on ${manifest.arch}, but this machine is ${arch()}`);
  const found = foldersOf(manifest);
  const lacking = folders.filter((folder) => !found.includes(folder));
  const others = found.filter((folder) => !folders.includes(folder));
  if (lacking.length + others.length === 0) return;
  const differences = [
    ...(lacking.length > 0 ? [`missing: ${lacking.join(', ')}`] : []),
    ...(others.length > 0 ? [`unexpected: ${others.join(', ')}`] : []),
  ];
  throw new Error(
    `it was exported from another commit (${differences.join(', ')}). Export it again from the same commit`,
  );
}
