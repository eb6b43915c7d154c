import { ownCommand } from '../../harness/model/own-command.ts';
import type { Progress } from '../../harness/model/progress.ts';
import { missing } from '../cache.ts';
import { packArtefacts } from './archive.ts';
import { labFolders, labRecipes } from './contents.ts';

/** Writes the built lab into one archive. Throws if it is not built yet. */
export async function exportLab(
  file: string,
  options: { readonly progress: Progress; readonly signal?: AbortSignal },
): Promise<void> {
  if ((await missing(labRecipes)).length > 0) {
    throw new Error(`The lab of this commit is not built yet. Build it first: ${ownCommand} lab build`);
  }
  const folders = await labFolders();
  await options.progress.step(`Export ${folders.length} artefacts`, () => packArtefacts(folders, file, options.signal));
}
