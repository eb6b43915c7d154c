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

/** The checkout's root; in a package the folder of its compiled files, which lie there as in a checkout. */
export const checkoutDir = (): string => new URL('../../', import.meta.url).pathname.replace(/\/$/, '');

/** `.ts` in a checkout, which Node runs as it is; `.js` in a package, whose files are compiled. */
export const ownExtension: '.ts' | '.js' = isPackage ? '.js' : '.ts';

/** Our own package.json. */
export const ownPackageFile = (): URL => new URL(`../../${isPackage ? '../' : ''}package.json`, import.meta.url);

/** The address of a module of ours, by its path below the checkout without its extension. */
export const ownModule = (path: string): string => new URL(`../../${path}${ownExtension}`, import.meta.url).href;
