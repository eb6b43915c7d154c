import { send, settings } from 'k6/x/holdfast';

// Enough VUs for all requests to time out at the same time, and 20 % more, so that no request waits for a free VU.
const vus = Math.ceil(((settings.ratePerSecond * settings.timeoutMs) / 1000) * 1.2);

export const options = {
  scenarios: {
    requests: {
      executor: 'constant-arrival-rate',
      rate: settings.ratePerSecond,
      timeUnit: '1s',
      duration: `${settings.durationMs}ms`,
      preAllocatedVUs: vus,
      maxVUs: vus,
      // Longer than any request, so that k6 cancels none at the end.
      gracefulStop: `${settings.timeoutMs + 1000}ms`,
    },
  },
  noConnectionReuse: settings.conn === 'fresh',
  systemTags: [],
};

export default function () {
  send();
}
