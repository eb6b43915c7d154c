import { realpathSync } from 'node:fs';

/** The current path without links. Undefined if it leads to nothing. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
