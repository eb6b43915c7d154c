import { between } from '../../model/number-words.ts';
import type { Request } from '../../model/request.ts';

/** Error codes of k6 (`lib/netext/httpext/error_codes.go`). */
const codes = {
  timeout: 1050,
  brokenPipe: 1201,
  dialTimeout: 1211,
  refused: 1212,
  dialErrno: 1213,
  reset: 1220,
} as const;

export const timedOut = ({ code }: Request): boolean => code === codes.timeout || code === codes.dialTimeout;

export const refused = ({ code }: Request): boolean => code === codes.refused;

/** What the client saw, in a few words. */
export function outcomeInWords(request: Request): string {
  switch (request.code) {
    case codes.timeout:
    case codes.dialTimeout:
      return `no answer in ${between(request.start, request.end)}`;
    case codes.refused:
      return 'refused';
    case codes.reset:
      return 'reset';
    case codes.brokenPipe:
      return 'broken pipe';
    case codes.dialErrno:
      return `not reachable (${request.err})`;
    default:
      if (request.status > 0) return `answered ${request.status}`;
      return /EOF|closed/i.test(request.err) ? 'connection closed' : `failed with ${request.code} (${request.err})`;
  }
}
