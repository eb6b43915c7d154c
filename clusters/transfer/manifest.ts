import { createHash } from 'node:crypto';
import { arch } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { listFolder, openFile, streamOf } from '../../harness/sys/files/read.ts';

const schemaVersion = 2;

/** A lab has four files, together 1.2 GB. */
export const manifestLimits = { maxBytes: 64 * 1024, maxFiles: 100, maxTotalBytes: 8 * 1024 ** 3 } as const;

/** An artefact's folder in the cache, then the file's path in it. */
const filePath = z
  .string()
  .max(200)
  .regex(/^[a-z0-9][a-z0-9.-]*(\/[A-Za-z0-9][\w.@+-]*)+$/);

const archivedFile = z.object({
  path: filePath,
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  executable: z.boolean(),
});

/** `manifest.json` of an archive: every file of every artefact, in the order in which the archive holds them. */
const manifestSchema = z.object({
  holdfastLab: z.literal(schemaVersion),
  arch: z.string().regex(/^[a-z0-9]{1,20}$/),
  files: z
    .array(archivedFile)
    .max(manifestLimits.maxFiles)
    .refine((files) => new Set(files.map(({ path }) => path)).size === files.length),
});

export type ArchivedFile = z.infer<typeof archivedFile>;
export type Manifest = z.infer<typeof manifestSchema>;

/** Throws if the text is not a manifest that this version reads, or describes more than a lab can have. */
export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error('its manifest is damaged', { cause: error });
  }
  const version = z.object({ holdfastLab: z.number() }).safeParse(json).data?.holdfastLab;
  if (version !== undefined && version !== schemaVersion)
    throw new Error(
      `it has version ${version}, but this holdfast reads version ${schemaVersion}. Export it again from the same commit`,
    );
  const { data: manifest, error } = manifestSchema.safeParse(json);
  if (!manifest) throw new Error('its manifest is damaged', { cause: error });
  const total = totalBytes(manifest);
  if (total > manifestLimits.maxTotalBytes)
    throw new Error(`its files have ${total} bytes, more than the ${manifestLimits.maxTotalBytes} that are imported`);
  return manifest;
}

export const totalBytes = ({ files }: Manifest): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** The artefacts' folders in the cache, each once. */
export const foldersOf = ({ files }: Manifest): string[] => [
  ...new Set(files.map(({ path }) => path.slice(0, path.indexOf('/')))),
];

/**
 * Describes artefact folders below `parent`. Throws for anything but files and folders in them, because a link could
 * lead outside.
 */
export async function describeArtefacts(
  parent: string,
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<Manifest> {
  const files: ArchivedFile[] = [];
  for (const path of folders.flatMap((folder) => filesBelow(parent, folder))) {
    signal?.throwIfAborted();
    files.push(await describeFile(parent, path));
  }
  return { holdfastLab: schemaVersion, arch: arch(), files };
}

function filesBelow(parent: string, folder: string): string[] {
  const entries = listFolder(parent, folder, { maxEntries: manifestLimits.maxFiles });
  if (!entries) throw new Error(`there is no folder ${join(parent, folder)}`);
  return entries.flatMap(({ name, kind }) => {
    const path = `${folder}/${name}`;
    if (kind === 'other') throw new Error(`${join(parent, path)} is neither a file nor a folder`);
    return kind === 'folder' ? filesBelow(parent, path) : [path];
  });
}

async function describeFile(parent: string, path: string): Promise<ArchivedFile> {
  const file = openFile(parent, path, { maxBytes: manifestLimits.maxTotalBytes });
  if (!file) throw new Error(`there is no file ${join(parent, path)}`);
  const hash = createHash('sha256');
  await pipeline(streamOf(file), hash);
  const { size: bytes, mode } = file.stats;
  return { path, bytes, sha256: hash.digest('hex'), executable: (mode & 0o100) !== 0 };
}
