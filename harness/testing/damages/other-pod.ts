import { stamp } from '../worlds/clocks.ts';
import type { Files } from '../worlds/files.ts';
import { byHand, fieldsOf, numberOf, type Row, readRow } from './by-hand.ts';
import { type Edit, eventLines, lines, oneAfterAnother, phaseStart } from './edit.ts';
import { connections } from './witness-edits.ts';

interface Event {
  readonly at: number;
  readonly source: string;
  readonly type: string;
  readonly name: string;
  readonly data: { readonly ip?: string; readonly terminating?: boolean; readonly version?: string; ready?: boolean };
}

const eventsOf = (files: Files): Event[] => eventLines(files).map((line) => JSON.parse(line) as Event);

const podEvents = (files: Files): Event[] => eventsOf(files).filter(({ source }) => source === 'pod');

/** Pods, in the order in which they were terminated. */
export const terminatedPods = (files: Files): string[] => [
  ...new Set(podEvents(files).flatMap(({ name, data }) => (data.terminating ? [name] : []))),
];

/** Pods that became ready and were never terminated, in the order in which they became ready. */
export const lastingPods = (files: Files): string[] => {
  const over = terminatedPods(files);
  const ready = podEvents(files).flatMap(({ name, data }) => (data.ready ? [name] : []));
  return [...new Set(ready)].filter((pod) => !over.includes(pod));
};

/** The time at which a pod was first seen as terminating. */
export const terminatedAt = (files: Files, pod: string): number =>
  podEvents(files).find(({ name, data }) => name === pod && data.terminating)?.at ?? 0;

const ipOf = (files: Files, pod: string): string =>
  podEvents(files).findLast(({ name, data }) => name === pod && data.ip)?.data.ip ?? '';

export const generators = ['fresh', 'kept-alive'] as const;
export type Generator = (typeof generators)[number];

interface Instead {
  readonly from: string;
  readonly to: string;
  /** By default, both. */
  readonly gen?: Generator;
  /** Only requests that were sent in this interval, in µs since the epoch. By default, all. */
  readonly since?: number;
  readonly until?: number;
}

const filesOf = (gen: Generator | undefined): RegExp => (gen ? new RegExp(`^requests-${gen}`) : /^requests-/);

const isOne =
  ({ from, since = 0, until = Number.POSITIVE_INFINITY }: Instead, epoch: number) =>
  ({ pod, start }: Row): boolean =>
    pod === from && start + epoch >= since && start + epoch < until;

/** A pod's name, node and version, as in its answers. */
function whoIs(files: Files, pod: string): Partial<Row> {
  const { node = '', version = '' } = rowsOf(files, undefined).find((row) => row.pod === pod) ?? {};
  return { podBy: 'header', pod, node, version };
}

/** Changes the rows so that another pod seems to have answered. */
export const namedInstead =
  (choice: (files: Files) => Instead): Edit =>
  (files) => {
    const instead = choice(files);
    const who = whoIs(files, instead.to);
    return byHand(filesOf(instead.gen), (rows, epoch) => {
      const moves = isOne(instead, epoch);
      return rows.map((row) => (moves(row) ? { ...row, ...who } : row));
    })(files);
  };

/** Changes conntrack and the pods' logs to agree with these rows. `before` holds the original files. */
const elsewhereToo =
  (before: Files, instead: Instead): Edit =>
  (files) => {
    const moved = generators
      .filter((gen) => (instead.gen ?? gen) === gen)
      .flatMap((gen) => rowsOf(before, gen).map((row) => ({ row, gen, epoch: epochOf(before, gen) })))
      .filter(({ row, epoch }) => isOne(instead, epoch)(row));
    const sources = { fresh: sourceOf(before, 'fresh'), 'kept-alive': sourceOf(before, 'kept-alive') };
    const ids = new Set(moved.map(({ row, gen }) => `${gen}-${row.seq}`));
    const ports = new Set(moved.map(({ row, gen }) => `${sources[gen]} ${row.sport}`));
    const [ip, otherIp] = [ipOf(files, instead.from), ipOf(files, instead.to)];
    const own = files[`workload/${instead.from}.ndjson`] ?? [];
    const isMoved = (line: string) => ids.has((JSON.parse(line) as { id?: string }).id ?? '');
    const taken = own.filter(isMoved).map((line) => line.replaceAll(`"${instead.from}"`, `"${instead.to}"`));
    return oneAfterAnother(
      lines(/^conntrack/, (all) =>
        all.map((line) => (ports.has(clientOf(line)) ? line.replaceAll(`src=${ip} `, `src=${otherIp} `) : line)),
      ),
      lines(/^workload\//, (all, path) => {
        if (path === `workload/${instead.from}.ndjson`) return all.filter((line) => !isMoved(line));
        if (path !== `workload/${instead.to}.ndjson`) return all;
        return [...all, ...taken].sort((one, other) => momentOf(one) - momentOf(other));
      }),
    )(files);
  };

const clientOf = (line: string): string => {
  const [, src, port] = /src=(\S+) dst=\S+ sport=(\d+)/.exec(line) ?? [];
  return `${src} ${port}`;
};

const momentOf = (line: string): number => (JSON.parse(line) as { at: number }).at;

/** Changes all recordings so that another pod seems to have received the requests. */
export const askedInstead =
  (choice: (files: Files) => Instead): Edit =>
  (files) =>
    elsewhereToo(files, choice(files))(namedInstead(choice)(files));

const rawOf = (files: Files, gen: Generator): readonly string[] => files[`requests-${gen}.ndjson`] ?? [];

export const epochOf = (files: Files, gen: Generator): number =>
  (JSON.parse(rawOf(files, gen)[0] ?? '{"epoch":0}') as { epoch: number }).epoch;

export const rowsOf = (files: Files, gen: Generator | undefined): Row[] =>
  generators
    .filter((each) => (gen ?? each) === each)
    .flatMap((each) => {
      const [header, ...rest] = rawOf(files, each);
      const fields = fieldsOf(header);
      return rest.slice(0, -1).map((line) => readRow(line, fields));
    });

/** Turns failures into quick answers of a pod. */
export const answeredBy =
  (pod: string): Edit =>
  (files) => {
    const who = whoIs(files, pod);
    return byHand(/^requests-/, (rows) =>
      rows.map((row) => {
        if (row.code === 0) return row;
        return { ...row, code: 0, err: '', status: 200, end: row.start + answersWithin, ...who };
      }),
    )(files);
  };

/** Also changes the pod's log and conntrack. `seenAt` is the pod to which conntrack saw the requests go. */
export const answeredToo =
  (pod: string, seenAt = pod): Edit =>
  (files) => {
    const failed = generators.flatMap((gen) =>
      rowsOf(files, gen)
        .filter(({ code }) => code !== 0)
        .map((row) => ({ row, gen, sent: row.start + epochOf(files, gen) })),
    );
    const logged = failed.flatMap(({ row: { seq }, gen, sent }) => [
      JSON.stringify({ at: sent + 300, type: 'start', pod, id: `${gen}-${seq}` }),
      JSON.stringify({ at: sent + answersWithin - 300, type: 'end', pod, id: `${gen}-${seq}` }),
    ]);
    const clients = new Set(failed.map(({ row, gen }) => `${sourceOf(files, gen)} ${row.sport}`));
    const [ip, otherIp] = [ipOf(files, seenAt), ipOf(files, pod)];
    return oneAfterAnother(
      answeredBy(pod),
      lines(/^workload\//, (all, path) =>
        path === `workload/${pod}.ndjson`
          ? [...all, ...logged].sort((one, other) => momentOf(one) - momentOf(other))
          : all,
      ),
      lines(/^conntrack/, (all) =>
        all.map((line) => (clients.has(clientOf(line)) ? line.replaceAll(`src=${ip} `, `src=${otherIp} `) : line)),
      ),
    )(files);
  };

const answersWithin = 1600;

/** Selects one in `oneIn` answers that reused a kept-alive connection before the fault. */
const usedAgain = (oneIn: number, epoch: number, files: Files) => {
  const until = phaseStart(files, 'fault') - epoch;
  return ({ seq, start, code, reused }: Row): boolean => code === 0 && reused && start < until && seq % oneIn === 0;
};

/** Changes the rows so that each of these answers opened a connection. */
export const notReused = (oneIn: number): Edit =>
  byHand(/^requests-kept/, (rows, epoch, files) => {
    const isOne = usedAgain(oneIn, epoch, files);
    return rows.map((row) => (isOne(row) ? { ...row, reused: false } : row));
  });

/**
 * Each of these answers also gets its own port and a new connection in conntrack. No end of these connections is
 * recorded, because an entry stays for two minutes after the server closed it (TIME_WAIT), and the arm is over by then.
 */
export const neverReused =
  (oneIn: number): Edit =>
  (files) => {
    const epoch = epochOf(files, 'kept-alive');
    const isOne = usedAgain(oneIn, epoch, files);
    const src = sourceOf(files, 'kept-alive');
    const made = rowsOf(files, 'kept-alive')
      .filter(isOne)
      .map(({ seq, start, pod, ...row }) => {
        const dst = row.dst.split(':')[0];
        const tuple = `src=${src} dst=${dst} sport=${ownPort(seq)} dport=80 [UNREPLIED] src=${ipOf(files, pod)} dst=${src} sport=8080 dport=${ownPort(seq)}`;
        return `[${stamp(start + epoch + 200)}]\t    [NEW] tcp      6 3 SYN_SENT ${tuple}`;
      });
    return oneAfterAnother(
      byHand(/^requests-kept/, (rows) =>
        rows.map((row) =>
          isOne(row) ? { ...row, reused: false, sport: ownPort(row.seq), connection: numberOf(ownPort(row.seq)) } : row,
        ),
      ),
      connections((all) => [...all, ...made]),
    )(files);
  };

/** Generators use no ports below 9000. */
const ownPort = (seq: number): number => 1024 + (seq % 7000);
export const stampOf = (line: string): number => Number(/^\[(\d+\.\d+)\]/.exec(line)?.[1]);

/** The address of a generator's pod. The generator of fresh requests opens the most connections. */
export function sourceOf(files: Files, gen: Generator): string {
  const many = new Map<string, number>();
  for (const line of files['conntrack.log'] ?? []) {
    const src = /src=(\S+)/.exec(line)?.[1];
    if (src !== undefined) many.set(src, (many.get(src) ?? 0) + 1);
  }
  const sorted = [...many].sort(([, one], [, other]) => other - one).map(([src]) => src);
  return (gen === 'fresh' ? sorted[0] : sorted.at(-1)) ?? '';
}
