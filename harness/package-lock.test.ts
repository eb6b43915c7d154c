import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from './sys/paths.ts';

interface LockedPackage {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly link?: boolean;
}

describe('package-lock.json', () => {
  const lock: { readonly packages: { readonly [path: string]: LockedPackage } } = JSON.parse(
    readFileSync(join(checkoutDir(), 'package-lock.json'), 'utf8'),
  );
  // The root is this checkout.
  const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && !link);
  const those = (is: (entry: LockedPackage) => boolean) =>
    packages.filter(([, entry]) => is(entry)).map(([path]) => path);

  it('names packages', () => assert.ok(packages.length > 100, `${packages.length} packages`));

  it('has the SHA-512 of each, whatever platform it is for', () =>
    assert.deepEqual(
      those(({ integrity = '' }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)),
      [],
    ));

  it('names none that runs a script when it is installed', () =>
    assert.deepEqual(
      those(({ hasInstallScript }) => hasInstallScript === true),
      [],
    ));

  it('names no registry', () =>
    assert.deepEqual(
      those(({ resolved }) => resolved !== undefined),
      [],
    ));
});
