import type { CauseRule } from './failure-case.ts';

/** k6’s codes for a failed lookup and for an unknown host (`lib/netext/httpext/error_codes.go`). */
const codes: ReadonlySet<number> = new Set([1100, 1101]);

/** The lookup of the Service’s name failed, so no connection was attempted. */
export const dnsFailure: CauseRule = ({ request }) => {
  const lookup = codes.has(request.code) || /^(?:dial: )?lookup /.test(request.err);
  if (request.status !== 0 || request.sport !== 0 || !lookup) return undefined;
  return {
    cause: 'dns-failure',
    pod: '',
    podBy: 'none',
    words: `not sent: its name was not resolved (${request.err})`,
    evidence: () => [],
  };
};
