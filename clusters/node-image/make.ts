import { ownCommand } from '../../harness/model/own-command.ts';
import { type Artefact, make, missing, type Recipe } from '../cache.ts';
import { ensurePrograms, type InstallOptions } from '../packages.ts';
import { findGo, isNewEnough, oldestGo } from './go.ts';

/**
 * Builds the missing artefacts after it has installed their programs. Throws before the first step if a program is
 * missing.
 */
export async function makeInstalling(recipes: readonly Recipe[], options: InstallOptions): Promise<Artefact[]> {
  const programs = new Set((await missing(recipes)).flatMap((recipe) => recipe.programs ?? []));
  if (programs.has('go')) await needGo();
  if (programs.has('mmdebstrap')) await ensurePrograms(['mmdebstrap'], options);
  return make(recipes, options);
}

/** Go is not installed for the user, because its version matters and the Go of Debian is too old. */
async function needGo(): Promise<void> {
  const found = await findGo();
  if (found && isNewEnough(found)) return;
  const there = found ? `${found.path} is ${found.version}` : 'Go is not installed';
  throw new Error(
    `Go ${oldestGo} or newer is needed to compile the lab, but ${there}. Install it, or import a lab that was built on another machine: ${ownCommand} lab import FILE`,
  );
}
