import { type Damages, type Edit, lines, noticedThough, oneAfterAnother, phaseStart, withEvent } from './edit.ts';
import { sliceBefore } from './ready-pods.ts';

const events = /^events/;

const copied = (change: (line: string) => string): Edit =>
  lines(events, (all) => all.flatMap((line) => (line.includes('"endpointslice"') ? [line, change(line)] : [line])));

/** Copies each slice for a second address family, so that each pod has two endpoints. */
export const ofTwoFamilies: Edit = copied((line) =>
  line
    .replace('"subject":"', '"subject":"v6-')
    .replace('"addressType":"IPv4"', '"addressType":"IPv6"')
    .replace(/"ip":"10\.244\.(\d+)\.(\d+)"/g, '"ip":"fd00:10:244::$1:$2"'),
);

/** Adds slices of another Service with other pods, about which there are no other events. */
const ofAnotherService: Edit = copied((line) =>
  line
    .replace('"subject":"', '"subject":"admin-')
    .replace(/"service":"[^"]*"/, '"service":"admin"')
    .replace(/"(pod|uid)":"/g, '"$1":"admin-')
    .replaceAll('"ready":false', '"ready":true'),
);

const oneReadyMeanwhile: Edit = (files) => {
  const standing = sliceBefore(files, phaseStart(files, 'fault'));
  const endpoints = standing.data.endpoints.map((each, index) => (index > 0 ? { ...each, ready: false } : each));
  return withEvent((own) => phaseStart(own, 'fault') + 1_000_000, {
    ...standing,
    data: { ...standing.data, endpoints },
  })(files);
};

/** The slices of the second family are missing one update in the fault phase, so that they keep their old state. */
const inBothFamiliesBut: Edit = (files) => {
  const until = phaseStart(files, 'fault') + 1_000_000;
  const told = ofTwoFamilies(files);
  return lines(events, (all) =>
    all.filter((line) => {
      const at = Number(/"at":(\d+)/.exec(line)?.[1]);
      return !line.includes('"subject":"v6-') || at < until || at > until + 1000;
    }),
  )(told);
};

/** Endpoints must be counted by pod of the Service under test. For an arm that demands two ready endpoints. */
export const endpointDamages: Damages = noticedThough('demand-met: ready-endpoints', {
  'one ready endpoint in two slices': { bare: oneReadyMeanwhile, coverUp: ofTwoFamilies },
  'one ready endpoint, and three of another Service': { bare: oneReadyMeanwhile, coverUp: ofAnotherService },
  'one ready endpoint, and three of another Service that comes first in the events': {
    bare: oneReadyMeanwhile,
    coverUp: oneAfterAnother(ofAnotherService, (files) => {
      const admin = files['events.ndjson']?.find((line) => line.includes('"service":"admin"')) ?? '{}';
      const { at: _, ...event } = JSON.parse(admin) as { at: number };
      return withEvent(() => Number(/"at":(\d+)/.exec(files['events.ndjson']?.[1] ?? '')?.[1]) + 1, event)(files);
    }),
  },
  'one ready endpoint, and a slice of another address family without this update': {
    bare: oneReadyMeanwhile,
    coverUp: inBothFamiliesBut,
  },
  'one ready endpoint, listed twice in its slice': {
    bare: oneReadyMeanwhile,
    coverUp: lines(events, (all) =>
      all.map((line) => {
        if (!line.includes('"endpointslice"')) return line;
        const event = JSON.parse(line) as { data: { endpoints: { ready: boolean }[] } };
        const { endpoints } = event.data;
        return JSON.stringify({ ...event, data: { ...event.data, endpoints: [...endpoints, ...endpoints] } });
      }),
    ),
  },
});
