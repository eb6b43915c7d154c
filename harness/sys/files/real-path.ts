import { realpathSync } from 'node:fs';

/** A path without links, as it is now. Undefined if there is nothing. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
