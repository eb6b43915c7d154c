import type { Files } from '../worlds/files.ts';
import { failuresLeftOut } from './answered-by-hand.ts';
import { byHand, fieldsOf, readRow, refusedIn } from './by-hand.ts';
import {
  type Damages,
  noticedBy,
  noticedThough,
  oneAfterAnother,
  phaseStart,
  podsOf,
  rows,
  withoutLines,
} from './edit.ts';
import {
  connections,
  fromPort,
  inAnothersName,
  isNew,
  type LogLine,
  logOf,
  logsFollow,
  ofThePod,
} from './witness-edits.ts';

const logs = /^workload/;
const fresh = /^requests-fresh/;
const keptAlive = /^requests-kept/;

/** The id of a request in the middle of the file, which need not be part of any sample. */
const oneId = (files: Files): string => {
  const all = files['requests-fresh.ndjson'] ?? [];
  return `fresh-${(JSON.parse(all[Math.floor(all.length * 0.61) + 1] ?? '[0]') as number[])[0]}`;
};

const inTheFault = (files: Files) => phaseStart(files, 'fault') + 800_000;

/** Rows, connections and log lines must match each other in number, in both directions. */
export const countDamages: Damages = {
  ...noticedBy('witnesses-agree', {
    'kept-alive answers that no pod logged': withoutLines(logs, /"type":"(start|end)".*"kept-alive-/),
    'one answer that no pod logged': (files) => withoutLines(logs, new RegExp(`"${oneId(files)}"`))(files),
    'one answer whose end no pod logged': (files) =>
      withoutLines(logs, new RegExp(`"type":"end".*"${oneId(files)}"`))(files),
    'a request that a pod logged and no row has': ofThePod((log, files) => [
      ...log,
      { at: inTheFault(files), type: 'start', pod: log[0]?.pod ?? '', id: 'fresh-999999' },
    ]),
    'an answer that two pods logged': (files) => {
      const pods = podsOf(files);
      const id = oneId(files);
      const line = Object.entries(files)
        .filter(([path]) => path.startsWith('workload'))
        .flatMap(([, all]) => all)
        .find((each) => each.includes(`"${id}"`));
      const own = JSON.parse(line ?? '{}') as LogLine;
      const other = pods.find((pod) => pod !== own.pod) ?? '';
      return logOf(other, (log) => [...log, { ...own, pod: other }])(files);
    },
    'ten times the connections': connections((all) =>
      all.flatMap((line) => Array.from({ length: 10 }, (_, time) => fromPort(line, (own) => own + time * 4000))),
    ),
    'connections made twice': connections((all) => all.flatMap((line) => (isNew(line) ? [line, line] : [line]))),
    'twenty connections that no request opened': connections((all) => [
      ...all,
      ...all
        .filter(isNew)
        .slice(300, 320)
        .map((line) => fromPort(line, (own) => own + 20_000)),
    ]),
    'no connections of kept-alive requests': (files) => {
      const [header, first = '[]'] = files['requests-kept-alive.ndjson'] ?? [];
      const { sport } = readRow(first, fieldsOf(header));
      const own = new RegExp(` src=(\\S+) .* sport=${sport} dport=80 `);
      const at = (files['requests-kept-alive.ndjson']?.[0] ?? '').match(/"epoch":(\d{10})/)?.[1] ?? '';
      const line =
        files['conntrack.log']?.find((each) => own.test(each) && each.startsWith(`[${at.slice(0, 9)}`)) ?? '';
      return connections((all) => all.filter((each) => !each.includes(` src=${own.exec(line)?.[1]} dst`)))(files);
    },
    'kept-alive connections that were never used again': rows(keptAlive, (all) =>
      all.map((row) => row.replace(',200,true,', ',200,false,')),
    ),
    'a request at a time an hour later': rows(keptAlive, (all) =>
      all.map((row, index) =>
        index === 200
          ? row.replace(
              /^\[(\d+),(\d+),(\d+),(\d+)/,
              (_, ...own) =>
                `[${own.slice(0, 4).map((value, place) => Number(value) + (place === 0 ? 0 : 3_600_000_000))}`,
            )
          : row,
      ),
    ),
  }),
  ...noticedThough('witnesses-agree', {
    'refused requests removed, and the others renumbered in rows and logs': {
      bare: oneAfterAnother(refusedIn('fault', 300, 2000, 3), (files) => {
        const failed = (files['requests-fresh.ndjson'] ?? []).filter((line) => line.includes('connection refused'));
        const ids = failed.map((line) => (JSON.parse(line) as number[])[0]).join('|');
        return withoutLines(logs, new RegExp(`"fresh-(${ids})"`))(files);
      }),
      coverUp: failuresLeftOut,
    },
    'refused requests removed, together with their connections': {
      bare: refusedIn('fault', 300, 2000, 3),
      coverUp: (files) => {
        const failed = (files['requests-fresh.ndjson'] ?? []).filter((line) => line.includes('connection refused'));
        const fields = fieldsOf(files['requests-fresh.ndjson']?.[0]);
        const ports = new Set(failed.map((line) => String(readRow(line, fields).sport)));
        const left = byHand(fresh, (all) =>
          all
            .filter(({ code }) => code === 0)
            .toSorted((one, other) => one.seq - other.seq)
            .map((row, seq) => ({ ...row, seq }))
            .sort((one, other) => one.end - other.end),
        )(files);
        return connections((all) => all.filter((line) => !ports.has(/sport=(\d+) dport=80/.exec(line)?.[1] ?? '')))(
          left,
        );
      },
    },
    'kept-alive answers of one pod with the name of another, in the rows': {
      bare: rows(keptAlive, (all) => all.map((row) => row.replace(/"(?=,"[^"]*","[^"]*"\]$)/, 'x"'))),
      coverUp: (files) => {
        const [one = '', other = ''] = podsOf(files);
        return rows(keptAlive, (all) => all.map((row) => row.replace('x"', '"').replace(`"${one}"`, `"${other}"`)))(
          files,
        );
      },
    },
    'kept-alive answers of one pod with the name of another, in rows and logs': {
      bare: (files) => inAnothersName(keptAlive)(files),
      coverUp: (files) => logsFollow(keptAlive, 'kept-alive')(files),
    },
  }),
};
