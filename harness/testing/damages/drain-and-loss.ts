import {
  type Damages,
  lines,
  noticedBy,
  oneAfterAnother,
  phaseStart,
  replaced,
  rows,
  withEvent,
  withoutFiles,
  withoutLines,
} from './edit.ts';

const events = /^events/;
const answered = /,0,"",200,/;

const evictions = (code: number) => new RegExp(`"source":"eviction".*"code":${code}`);

/** Damages of an arm in which a budget delays a drain. */
export const drainDamages: Damages = {
  ...noticedBy('fault-landed: drain', {
    'no evictions': withoutLines(events, /"source":"eviction"/),
    'no allowed eviction': withoutLines(events, evictions(201)),
    'a pod whose eviction was not recorded': withoutLines(
      events,
      /"source":"eviction".*"name":"web-old-1".*"code":201/,
    ),
    'evictions of another disruption': replaced(events, '"disruption":"drain"', '"disruption":"other"'),
    'nodes that were never cordoned': withoutLines(events, /"source":"node".*"unschedulable":true/),
  }),
  ...noticedBy('demand-met: evictions-refused', {
    'no refused eviction': withoutLines(events, evictions(429)),
  }),
  ...noticedBy('budget-respected', {
    'no budget watch': withoutLines(events, /"source":"budget"/),
    'a budget that required more': replaced(events, '"desiredHealthy":2', '"desiredHealthy":3'),
    'a budget watch that stops when the drain begins': (files) =>
      lines(events, (all) =>
        all.filter((line) => {
          const { at, source } = JSON.parse(line) as { at: number; source: string };
          return source !== 'budget' || at < phaseStart(files, 'fault');
        }),
      )(files),
    'every pod evicted at once': lines(events, (all) =>
      all.map((line) =>
        evictions(201).test(line)
          ? line.replace(/"at":\d+/, `"at":${phaseStart({ events: [...all] }, 'fault') + 60_000}`)
          : line,
      ),
    ),
  }),
  ...noticedBy('no-watch-gaps', {
    'no node watch': withoutLines(events, /"source":"node"/),
    'no endpoint watch': withoutLines(events, /"source":"endpointslice"/),
  }),
  ...noticedBy('demand-met: ready-endpoints', {
    'a second pod that was not ready at the same time': (files) => {
      const slice = files['events.ndjson']?.findLast(
        (line) =>
          line.includes('"endpointslice"') && (JSON.parse(line) as { at: number }).at < phaseStart(files, 'fault'),
      );
      const { at: _, ...event } = JSON.parse(slice ?? '{}') as { at: number };
      const one = JSON.parse(
        JSON.stringify(event).replaceAll('"ready":true', '"ready":false').replace('"ready":false', '"ready":true'),
      ) as object;
      return withEvent((own) => phaseStart(own, 'fault') + 1_000_000, one)(files);
    },
  }),
};

/** Damages of an arm that loses a node, and a bounded share of its requests. */
export const lossDamages: Damages = {
  ...noticedBy('fault-landed: cut', {
    'no events of the engine': withoutLines(events, /"source":"container"/),
    'an engine that reports a frozen node instead of a stopped one': replaced(
      events,
      '"state":"exited"',
      '"state":"paused"',
    ),
    'another stopped node': replaced(events, /"type":"die","subject":"w1"/g, '"type":"die","subject":"w2"'),
    'a node that was ready all the time': replaced(events, '"ready":"Unknown"', '"ready":"True"'),
  }),
  ...noticedBy('no-watch-gaps', {
    'no node watch': withoutLines(events, /"source":"node"/),
  }),
  ...noticedBy('failures-attributed', {
    'no conntrack log': withoutFiles(/^conntrack/),
    'no pod logs': withoutFiles(/^workload/),
  }),
  ...noticedBy('loss-as-expected', {
    'a request that a healthy pod lost': rows(/^requests-fresh/, (all) => {
      const index = all.findIndex((row, at) => at > all.length / 2 && row.includes('"web-old-1"'));
      return all.map((row, at) => (at === index ? row.replace(answered, ',1050,"request timeout",0,') : row));
    }),
    'a period without any answer': oneAfterAnother(
      ...[/^requests-fresh/, /^requests-kept/].map((path) =>
        rows(path, (all) =>
          all.map((row) => {
            const start = Number(row.split(',')[2]);
            return start > 6e6 && start < 7.6e6 ? row.replace(answered, ',1050,"request timeout",0,') : row;
          }),
        ),
      ),
    ),
    'an endpoint that was never removed': withoutLines(events, /"source":"endpointslice".*"ready":false/),
  }),
};
