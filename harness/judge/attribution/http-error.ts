import type { CauseRule } from './failure-case.ts';

/** The application answered with a status of 400 or more. */
export const httpError: CauseRule = ({ request, route }) => {
  if (request.status < 400) return undefined;
  const { pod } = request;
  return {
    cause: 'http-error',
    pod,
    podBy: route.kind === 'pod' ? route.by : 'none',
    words: `${pod === '' ? 'an unnamed pod' : `pod ${pod}`} answered ${request.status}`,
    evidence: () => [],
  };
};
