import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { arch } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import type { Progress } from '../harness/model/progress.ts';
import { reason } from '../harness/model/reason.ts';
import type { Json } from '../harness/model/units.ts';
import { readWhole } from '../harness/sys/files/read.ts';
import { cacheDir, checkoutDir } from '../harness/sys/paths.ts';

/**
 * How to build one artefact, and everything that its content depends on. The version of the compiler is left out on
 * purpose: an archive that was built on one machine must be found on another machine without a compiler.
 */
export interface Recipe {
  readonly name: string;
  /** The title of the step in the progress output. */
  readonly title: string;
  /** Versions, package lists, flags. */
  readonly values: Json;
  /** Own files, or folders with all that is in them. */
  readonly files: readonly string[];
  readonly needs: readonly Recipe[];
  /** The programs that must be installed to build it. */
  readonly programs?: readonly ('go' | 'mmdebstrap')[];
  /** Builds into the empty folder `into`. Everything that it needs exists. */
  build(into: string, context: BuildContext): Promise<void>;
}

/** What a recipe can use during its build. */
export interface BuildContext {
  readonly signal?: AbortSignal | undefined;
  /** The folder of a needed artefact. */
  folder(recipe: Recipe): string;
  /** Shows the current activity in the step. */
  now(text: string): void;
}

export interface Artefact {
  readonly name: string;
  readonly hash: string;
  readonly folder: string;
}

export const artefactsDir = (): string => join(cacheDir(), 'artefacts');

/** The place of an artefact, whether it exists or not. Reads the recipe's own files; never builds. */
export async function locate(recipe: Recipe): Promise<Artefact> {
  return artefact(recipe, await hashOf(recipe, new Map()));
}

/** The missing artefacts of the recipes and their needs, in the order in which they must be built. */
export async function missing(recipes: readonly Recipe[]): Promise<Recipe[]> {
  const found = new Map<string, Recipe>();
  const hashes = new Map<Recipe, string>();
  const visit = async (recipe: Recipe): Promise<void> => {
    const { folder } = artefact(recipe, await hashOf(recipe, hashes));
    if (found.has(folder) || existsSync(folder)) return;
    for (const needed of recipe.needs) await visit(needed);
    found.set(folder, recipe);
  };
  for (const recipe of recipes) await visit(recipe);
  return [...found.values()];
}

/** Builds the missing artefacts one after another. Resolves to the artefacts of the recipes, in their order. */
export async function make(
  recipes: readonly Recipe[],
  options: { readonly progress: Progress; readonly signal?: AbortSignal | undefined },
): Promise<Artefact[]> {
  const { progress, signal } = options;
  const toMake = await missing(recipes);
  if (toMake.length > 0) await sweepLeftovers();
  for (const recipe of toMake) {
    signal?.throwIfAborted();
    await progress.step(recipe.title, () => makeOne(recipe, progress, signal));
  }
  return Promise.all(recipes.map(locate));
}

async function makeOne(recipe: Recipe, progress: Progress, signal?: AbortSignal): Promise<void> {
  const hashes = new Map<Recipe, string>();
  const { folder } = artefact(recipe, await hashOf(recipe, hashes));
  for (const needed of recipe.needs) await hashOf(needed, hashes);
  const partial = join(artefactsDir(), `.partial-${process.pid}-${basename(folder)}`);
  await mkdir(partial, { recursive: true });
  try {
    await recipe.build(partial, {
      signal,
      folder: (needed) => artefact(needed, hashes.get(needed) ?? unknownNeed(recipe, needed)).folder,
      now: (text) => progress.now(text),
    });
    await rename(partial, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    await removeSuperseded(recipe);
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(`“${recipe.title}” failed: ${reason(error)}`, { cause: error });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

const unknownNeed = (recipe: Recipe, needed: Recipe): never => {
  throw new Error(`recipe ${recipe.name} uses ${needed.name} without naming it in its needs`);
};

const artefact = ({ name }: Recipe, hash: string): Artefact => ({
  name,
  hash,
  folder: join(artefactsDir(), `${name}-${hash}`),
});

async function hashOf(recipe: Recipe, known: Map<Recipe, string>): Promise<string> {
  const before = known.get(recipe);
  if (before) return before;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([recipe.name, arch(), recipe.values]));
  for (const file of recipe.files) await hashFiles(file, hash);
  for (const needed of recipe.needs) hash.update(await hashOf(needed, known));
  const digest = hash.digest('hex').slice(0, 16);
  known.set(recipe, digest);
  return digest;
}

/** In bytes. The own files of a recipe are source code. */
const maxSourceBytes = 16 * 1024 * 1024;

async function hashFiles(path: string, hash: ReturnType<typeof createHash>): Promise<void> {
  const stats = await stat(path);
  hash.update(`${relative(checkoutDir(), path)}\0${(stats.mode & 0o111) === 0 ? '' : 'x'}\0`);
  if (!stats.isDirectory()) {
    const content = readWhole(dirname(path), basename(path), { maxBytes: maxSourceBytes });
    if (!content) throw new Error(`${path} was removed while it was read`);
    hash.update(content);
    return;
  }
  for (const name of (await readdir(path)).sort()) await hashFiles(join(path, name), hash);
}

/** Removes leftovers of killed builds. */
async function sweepLeftovers(): Promise<void> {
  await mkdir(artefactsDir(), { recursive: true });
  for (const name of await readdir(artefactsDir())) {
    const pid = /^\.partial-(\d+)-/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) await rm(join(artefactsDir(), name), { recursive: true, force: true });
  }
}

/** Keeps the newest two artefacts of a recipe. */
async function removeSuperseded({ name }: Recipe): Promise<void> {
  const versions = (await readdir(artefactsDir())).filter((found) => found.replace(/-[0-9a-f]{16}$/, '') === name);
  const dated = await Promise.all(
    versions.map(async (version) => {
      const folder = join(artefactsDir(), version);
      return { folder, made: (await stat(folder)).mtimeMs };
    }),
  );
  const superseded = dated.sort((one, other) => other.made - one.made).slice(2);
  for (const { folder } of superseded) await rm(folder, { recursive: true });
}
