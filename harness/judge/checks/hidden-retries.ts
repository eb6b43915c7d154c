import { count } from '../words.ts';
import type { Check } from './check.ts';

/**
 * Requests that the client sent again by itself, without telling: each hid a failure. A note, never a verdict: what the
 * client reports is what its user sees.
 */
export const hiddenRetries: Check = {
  name: 'hidden retries',
  ask({ generators, logged }) {
    const words = generators.map(({ gen, total, retried }) => {
      const twice = logged.begunTwice(gen);
      const hidden = Math.max(retried, twice);
      return hidden === 0
        ? `${gen} none`
        : `${gen} ${count(retried)} of ${count(total)} took more than one connection, ${count(twice)} were begun by servers more than once`;
    });
    return { verdict: 'pass', expected: 'none, or as many as are said here', measured: words.join('; ') };
  },
};
