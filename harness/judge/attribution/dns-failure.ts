import type { CauseRule } from './failure-case.ts';

/** k6: no answer to a lookup, and no such host (`lib/netext/httpext/error_codes.go`). */
const codes: ReadonlySet<number> = new Set([1100, 1101]);

/** The lookup of the Service's name failed: before any connection, whatever the endpoints were like. */
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
