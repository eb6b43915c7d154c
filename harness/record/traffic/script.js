import { send, settings } from 'k6/x/holdfast';

// Enough for every request to run into its time-out, and a fifth more: the open model never waits for a free VU.
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
      // Longer than any request, so that k6 cancels none at its end.
      gracefulStop: `${settings.timeoutMs + 1000}ms`,
    },
  },
  noConnectionReuse: settings.conn === 'fresh',
  systemTags: [],
};

export default function () {
  send();
}
