import { UsageError } from '../../model/usage-error.ts';
import { UnfitFile } from './unfit-file.ts';

/** Reads or writes what the user named: a file that is not fit for it is the user's to change. Throws UsageError, which says `where`. */
export function asUsage<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof UnfitFile ? new UsageError(`${where}: ${error.message}`) : error;
  }
}
