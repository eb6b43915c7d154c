import type { CauseRule } from './failure-case.ts';

const noPort = /EADDRNOTAVAIL|cannot assign requested address|address already in use|too many open files/i;
const stopped = /context canceled/i;

/** The generator had no free port, or was stopped during the request. */
export const generatorFault: CauseRule = ({ request }) => {
  const words = noPort.test(request.err)
    ? `not sent: ${request.err}`
    : stopped.test(request.err)
      ? 'canceled: the generator was stopped'
      : undefined;
  if (request.status !== 0 || words === undefined) return undefined;
  return { cause: 'generator-fault', pod: '', podBy: 'none', words, evidence: () => [] };
};
