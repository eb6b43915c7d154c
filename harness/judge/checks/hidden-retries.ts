import { count } from '../../model/number-words.ts';
import type { Check } from './check.ts';
import { byCauseInWords, firstInWords } from './failed-requests.ts';

/**
 * Counts requests that the client sent again by itself. Each retry hid a failure. This is a note and always passes,
 * because users see what the client reports.
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
    return { verdict: 'pass', expected: 'any number', measured: words.join('; '), evidence };
  },
};
