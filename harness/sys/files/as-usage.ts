import { UsageError } from '../../model/usage-error.ts';
import { UnfitFile } from './unfit-file.ts';
import { codeOf } from './walk.ts';

const refusals: ReadonlySet<string | undefined> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ELOOP',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
]);

/** Why a file cannot be used, if the reason is its kind or its owner; undefined for any other error. */
export function whyUnfit(error: unknown): string | undefined {
  if (error instanceof UnfitFile) return error.message;
  // The rest of the kernel's message is the path of a descriptor, which says nothing.
  return error instanceof Error && refusals.has(codeOf(error)) ? error.message.split(',')[0] : undefined;
}

/**
 * Reads or writes a file that the user named. If the file is unfit, throws UsageError with `where`, because only the
 * user can change it.
 */
export function asUsage<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = whyUnfit(error);
    throw why === undefined ? error : new UsageError(`${where}: ${why}`);
  }
}
