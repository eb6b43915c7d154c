import { eventsWith } from './by-hand.ts';
import { type Damages, type Edit, noticedBy, noticedThough, oneAfterAnother, podsOf } from './edit.ts';
import { type LogLine, ofThePod } from './witness-edits.ts';

const momentOf = (log: readonly LogLine[], type: string): number => log.find((line) => line.type === type)?.at ?? 0;

const moved = (type: string, at: (log: readonly LogLine[]) => number) => (log: LogLine[]) => {
  const to = at(log);
  return log.map((line) => (line.type === type ? { ...line, at: to } : line));
};

const lastOf = (log: readonly LogLine[], type: string, gen = '') =>
  Math.max(...log.filter((line) => line.type === type && line.id?.startsWith(gen)).map(({ at }) => at));

const earlierGone =
  (micros: number): Edit =>
  (files) => {
    const [pod] = podsOf(files);
    return eventsWith((event) =>
      event.source === 'pod' && event.name === pod && event.type === 'deleted'
        ? { ...event, at: event.at - micros }
        : event,
    )(files);
  };

/** No pod answers before it listens or after it ends. For an arm that replaces its pods. */
export const lifeDamages: Damages = {
  ...noticedBy('witnesses-agree', {
    'a listener that opened after its first request': ofThePod(
      moved('listen', (log) => Math.min(...log.filter(({ type }) => type === 'start').map(({ at }) => at)) + 30_000),
      4,
    ),
    'a pod that never logged that it listens': ofThePod((log) => log.filter(({ type }) => type !== 'listen'), 4),
    'a listener that was closed 0.2 s before its last new connection': ofThePod(
      moved('close', (log) => lastOf(log, 'start', 'fresh') - 200_000),
    ),
    'a process that exited before its last answer': ofThePod(
      moved('exit', (log) => lastOf(log, 'end', 'fresh') - 100_000),
    ),
  }),
  ...noticedThough('witnesses-agree', {
    'a pod that closed, exited and was deleted before its last answer': {
      bare: ofThePod(moved('exit', (log) => lastOf(log, 'end') - 100_000)),
      coverUp: oneAfterAnother(ofThePod(moved('close', (log) => momentOf(log, 'exit') - 1000)), earlierGone(2_000_000)),
    },
    'a pod that was deleted before its last answer, and whose log does not contain its end': {
      bare: (files) => {
        const [pod] = podsOf(files);
        const last = lastOf(
          (files[`workload/${pod}.ndjson`] ?? []).map((line) => JSON.parse(line) as LogLine),
          'end',
        );
        return eventsWith((event) =>
          event.source === 'pod' && event.name === pod && event.type === 'deleted'
            ? { ...event, at: last - 300_000 }
            : event,
        )(files);
      },
      coverUp: ofThePod((log) => log.filter(({ type }) => type !== 'exit' && type !== 'close')),
    },
  }),
};
