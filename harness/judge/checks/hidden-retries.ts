import { count } from '../../model/words.ts';
import type { Check } from './check.ts';
import { byCauseInWords, firstInWords } from './failed-requests.ts';

/**
 * Requests that the client sent again by itself, without telling: each hid a failure. A note, never a verdict: what the
 * client reports is what its user sees.
 */
export const hiddenRetries: Check = {
  id: 'hidden-retries',
  ask({ generators, logged, retries }) {
    const words = generators.map(({ gen, total, retried }) => {
      const twice = logged.begunTwice(gen);
      const hidden = Math.max(retried, twice);
      if (hidden === 0) return `${gen} none`;
      const own = retries.filter(({ request }) => request.gen === gen);
      const causes = own.length === 0 ? '' : ` (${byCauseInWords(own)})`;
      return `${gen} ${count(retried)} of ${count(total)} took more than one connection${causes}, ${count(twice)} were begun by servers more than once`;
    });
    const evidence = firstInWords(retries);
    return { verdict: 'pass', expected: 'none, or as many as are said here', measured: words.join('; '), evidence };
  },
};
