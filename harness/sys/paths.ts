import { homedir } from 'node:os';
import { join } from 'node:path';
import { isPackage } from '../model/own-command.ts';

const xdg = (variable: string, fallback: string) => process.env[variable] || join(homedir(), fallback);

/** The cache folder: built artefacts and the caches of Go and npm. It can be deleted. */
export const cacheDir = (): string => join(xdg('XDG_CACHE_HOME', '.cache'), 'holdfast');

/** The state folder: engine, clusters, evidence. It must be kept while a lab exists. Root has one for the whole machine. */
export const stateDir = (): string =>
  process.getuid?.() === 0 && !process.env.XDG_STATE_HOME
    ? '/var/lib/holdfast'
    : join(xdg('XDG_STATE_HOME', '.local/state'), 'holdfast');

/** The root of the checkout, or of the compiled files in a package, which have the same layout. */
export const checkoutDir = (): string => new URL('../../', import.meta.url).pathname.replace(/\/$/, '');

/** `.ts` in a checkout, which Node runs directly; `.js` in a package. */
export const ownExtension: '.ts' | '.js' = isPackage ? '.js' : '.ts';

/** The address of our own package.json. */
export const ownPackageFile = (): URL => new URL(`../../${isPackage ? '../' : ''}package.json`, import.meta.url);

/** The address of one of our modules, by its path below the checkout without its extension. */
export const ownModule = (path: string): string => new URL(`../../${path}${ownExtension}`, import.meta.url).href;
