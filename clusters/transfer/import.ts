import { arch } from 'node:os';
import type { Progress } from '../../harness/model/progress.ts';
import { unpackArtefacts } from './archive.ts';
import { labFolders } from './contents.ts';
import type { Manifest } from './manifest.ts';

/** Takes an exported lab into this machine's cache. Throws, and takes nothing, if the archive is damaged or made for another checkout. */
export async function importLab(
  file: string,
  options: { readonly progress: Progress; readonly signal?: AbortSignal },
): Promise<void> {
  const folders = await labFolders();
  await options.progress.step(`Import ${folders.length} artefacts`, () =>
    unpackArtefacts(file, (manifest) => checkFit(manifest, folders), options.signal),
  );
}

/** Throws if the archive lacks an artefact of this checkout, which would then have to be built. */
export function checkFit(manifest: Manifest, folders: readonly string[]): void {
  if (manifest.arch !== arch()) throw new Error(`it was made for ${manifest.arch}, and this machine is ${arch()}`);
  const lacking = folders.filter((folder) => !(folder in manifest.artefacts));
  if (lacking.length === 0) return;
  throw new Error(
    `it was made from another state of the checkout (no ${lacking.join(', ')}). Export it again where the same commit is checked out`,
  );
}
