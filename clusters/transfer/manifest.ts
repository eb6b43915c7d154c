import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { arch } from 'node:os';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

const schemaVersion = 1;

const artefactFolder = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/);
const file = z.string().regex(/^(?!\.)[\w@+-][\w.@+-]*(\/(?!\.)[\w@+-][\w.@+-]*)*$/);

/** `manifest.json` of an archive: every file of every artefact by its digest, artefacts by the names that they have in the cache. */
const manifestSchema = z.object({
  holdfastLab: z.literal(schemaVersion),
  arch: z.string(),
  artefacts: z.record(artefactFolder, z.record(file, z.string().regex(/^[0-9a-f]{64}$/))),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Throws if the text is not a manifest that this version reads. */
export function parseManifest(text: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error('its manifest is damaged, or of another version of holdfast', { cause: error });
  }
}

/** Describes artefact folders below `parent`. */
export async function describeArtefacts(parent: string, folders: readonly string[]): Promise<Manifest> {
  const artefacts: Manifest['artefacts'] = {};
  for (const folder of folders) artefacts[folder] = await digests(join(parent, folder));
  return { holdfastLab: schemaVersion, arch: arch(), artefacts };
}

/** SHA-256 of each regular file below `folder`, by its path in it. Throws at anything else but folders: a link could lead out. */
export async function digests(folder: string): Promise<{ [file: string]: string }> {
  const found: { [file: string]: string } = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.toSorted((one, other) => pathOf(one).localeCompare(pathOf(other)))) {
    if (entry.isDirectory()) continue;
    if (!entry.isFile()) throw new Error(`${pathOf(entry)} is neither a file nor a folder`);
    found[relative(folder, pathOf(entry))] = await sha256(pathOf(entry));
  }
  return found;
}

const pathOf = ({ parentPath, name }: { readonly parentPath: string; readonly name: string }) => join(parentPath, name);

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
