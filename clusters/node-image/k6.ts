import { join } from 'node:path';
import { checkoutDir } from '../../harness/sys/paths.ts';
import { goProgram } from './go-build.ts';
import { k6Version } from './versions.ts';

/** k6 with the extension that writes requests as rows. */
export const k6 = goProgram({
  name: 'k6',
  title: `Compile k6 ${k6Version} with its extension`,
  module: join(checkoutDir(), 'harness/record/traffic/k6'),
  packages: ['./cmd/k6'],
});
