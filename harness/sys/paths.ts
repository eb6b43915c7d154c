import { homedir } from 'node:os';
import { join } from 'node:path';

const xdg = (variable: string, fallback: string) => process.env[variable] || join(homedir(), fallback);

/** The cache folder: built artefacts and the caches of Go and npm. It can be deleted. */
export const cacheDir = (): string => join(xdg('XDG_CACHE_HOME', '.cache'), 'holdfast');

/** The state folder: engine, clusters, evidence. It must be kept while a lab exists. Root has one for the whole machine. */
export const stateDir = (): string =>
  process.getuid?.() === 0 && !process.env.XDG_STATE_HOME
    ? '/var/lib/holdfast'
    : join(xdg('XDG_STATE_HOME', '.local/state'), 'holdfast');

/** The checkout's root. */
export const checkoutDir = (): string => new URL('../../', import.meta.url).pathname.replace(/\/$/, '');
