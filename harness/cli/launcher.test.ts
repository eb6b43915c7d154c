import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../sys/exec.ts';
import { checkoutDir } from '../sys/paths.ts';

describe('the launcher', () => {
  let root: string;
  const at = (...path: string[]) => join(root, ...path);
  const plant = (file: string, words: string) => writeFileSync(file, `#!/bin/sh\necho ${words}\n`, { mode: 0o755 });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-launcher-'));
    for (const folder of ['checkout/node_modules/.bin', 'checkout/harness/cli', 'system'])
      mkdirSync(at(folder), { recursive: true });
    copyFileSync(join(checkoutDir(), 'holdfast'), at('checkout/holdfast'));
    for (const lock of ['checkout/package-lock.json', 'checkout/node_modules/.holdfast-lock'])
      writeFileSync(at(lock), '{}');
    symlinkSync(process.execPath, at('checkout/node_modules/.bin/node'));
    writeFileSync(
      at('checkout/harness/cli/main.ts'),
      `import { spawnSync } from 'node:child_process';
       const { error, stdout } = spawnSync(process.argv[2], { encoding: 'utf8' });
       process.stdout.write(error ? error.code : stdout);`,
    );
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const running = async (program: string, before: readonly string[] = []) => {
    const path = [...before, at('system'), '/usr/bin', '/bin'].join(':');
    const env = { PATH: path, XDG_CACHE_HOME: at('cache') };
    return (await exec(at('checkout/holdfast'), [program], { env })).stdout.trim();
  };

  it('runs holdfast with the locked Node', async () => {
    plant(at('system/node'), 'another Node');
    plant(at('system/docker'), 'the system’s');
    assert.equal(await running('docker'), 'the system’s');
  });

  it('does not let a package replace a program of the system', async () => {
    plant(at('system/docker'), 'the system’s');
    plant(at('checkout/node_modules/.bin/docker'), 'planted');
    assert.equal(await running('docker'), 'the system’s');
  });

  it('runs no program of a package or of the current folder that is first on the PATH, also not itself', async () => {
    mkdirSync(at('project/node_modules/.bin'), { recursive: true });
    for (const program of ['readlink', 'dirname', 'cmp', 'docker'])
      plant(at('project/node_modules/.bin', program), 'planted');
    plant(at('system/docker'), 'the system’s');
    const before = [at('project/node_modules/.bin'), at('project/node_modules'), '', '.', '*'];
    assert.equal(await running('docker', before), 'the system’s');
    assert.equal(await running('no-such-program', [...before, at('checkout/node_modules/.bin')]), 'ENOENT');
  });

  it('does not let a package provide a program that the system lacks', async () => {
    plant(at('checkout/node_modules/.bin/no-such-program'), 'planted');
    assert.equal(await running('no-such-program'), 'ENOENT');
  });
});
