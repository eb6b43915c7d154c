import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { shellFor } from '../../docker/docker.ts';

/** A member as its tar header describes it, truthfully or not. */
export interface Member {
  readonly name: string;
  /** `0` a file · `1` a hard link · `2` a link · `3` `4` devices · `5` a folder · `6` a pipe. */
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
  readonly content?: string;
  /** The size of the content according to the header, in bytes. */
  readonly size?: number;
}

const octal = (value: number, length: number) =>
  value
    .toString(8)
    .padStart(length - 1, '0')
    .slice(-length + 1);

/** A tar file in the ustar format (pax(1)). GNU tar cannot create most of these. */
export const tarOf = (members: readonly Member[]): Buffer =>
  Buffer.concat([...members.flatMap(blocksOf), Buffer.alloc(1024)]);

function blocksOf({ name, type = '0', link = '', mode = 0o644, content = '', size }: Member): Buffer[] {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size ?? body.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write(' '.repeat(8), 148);
  header.write(type, 156, 1);
  header.write(link, 157, 100);
  header.write('ustar\0' + '00', 257);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}

/** A sparse member that claims 64 GiB and holds almost nothing. The archive has no end mark. */
export async function sparseMember(folder: string, name: string): Promise<Buffer> {
  const tree = await mkdtemp(join(folder, 'sparse-'));
  await mkdir(dirname(join(tree, name)), { recursive: true });
  await writeFile(join(tree, name), '');
  await truncate(join(tree, name), 64 * 1024 ** 3);
  await shellFor()`tar --create --sparse --blocking-factor=1 --file=${tree}.tar --directory=${tree} ${name}`;
  const tar = await readFile(`${tree}.tar`);
  await rm(tree, { recursive: true });
  await rm(`${tree}.tar`);
  return tar.subarray(0, -1024);
}

export const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

export const manifestOf = (files: { readonly [path: string]: string }, changes: object = {}): string =>
  JSON.stringify({
    holdfastLab: 2,
    arch: arch(),
    files: Object.entries(files).map(([path, content]) => ({
      path,
      bytes: Buffer.byteLength(content),
      sha256: sha256(content),
      executable: path.endsWith('/kind'),
    })),
    ...changes,
  });
