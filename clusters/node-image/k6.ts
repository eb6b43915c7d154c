import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from '../../harness/sys/paths.ts';
import type { Recipe } from '../cache.ts';
import { shellFor } from '../engine/docker.ts';
import { goEnv } from './go-build.ts';
import { xk6 } from './small-programs.ts';
import { k6Version } from './versions.ts';

const extension = join(checkoutDir(), 'harness/record/traffic/k6');

/** k6 with the extension that writes requests as rows. */
export const k6: Recipe = {
  name: 'k6',
  title: `Compile k6 ${k6Version} with its extension`,
  values: { k6Version },
  files: [extension],
  needs: [xk6],
  programs: ['go'],
  async build(into, { signal, folder }) {
    const $ = shellFor(goEnv(), signal);
    const module = moduleName(readFileSync(join(extension, 'go.mod'), 'utf8'));
    await $`${folder(xk6)}/xk6 build ${k6Version} --with ${module}=${extension} --output ${into}/k6`;
  },
};

function moduleName(goMod: string): string {
  const name = /^module\s+(\S+)/m.exec(goMod)?.[1];
  if (!name) throw new Error(`${extension}/go.mod names no module`);
  return name;
}
