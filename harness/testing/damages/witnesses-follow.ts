import { stamp } from '../worlds/clocks.ts';
import type { Files } from '../worlds/files.ts';
import { type Edit, lines, oneAfterAnother } from './edit.ts';
import { epochOf, generators, rowsOf, sourceOf, stampOf } from './other-pod.ts';
import { connections, inOrder, isNew, type LogLine } from './witness-edits.ts';

/** Conntrack and rows are no further apart than this, in µs: before the start of a request, and after its end. */
const apart = { before: 50_000, after: 1_000_000 };

/** What became of requests, by their ids as they were. Undefined: it is gone. Times are in µs since the epoch. */
interface Fates {
  /** What its pod logged. */
  readonly logged: (line: LogLine & { readonly id: string }) => LogLine | undefined;
  /** When the connection was made that it had opened. */
  readonly made: (id: string, at: number) => number | undefined;
}

/** Conntrack and the pods' logs say of requests what became of them. `before` are the files as they were. */
export function witnessesFollow(before: Files, { logged, made }: Fates): Edit {
  const openerOf = openers(before);
  return oneAfterAnother(
    lines(/^workload\//, (all) =>
      inOrder(
        all.flatMap((line) => {
          const event = JSON.parse(line) as LogLine;
          const { id } = event;
          if (!id) return [line];
          const changed = logged({ ...event, id });
          return changed ? [JSON.stringify(changed)] : [];
        }),
      ),
    ),
    connections((all) =>
      all.flatMap((line) => {
        const opener = isNew(line) ? openerOf(line) : undefined;
        if (opener === undefined) return [line];
        const at = made(opener, momentOf(line));
        return at === undefined ? [] : [line.replace(/^\[[^\]]*\]/, `[${stamp(at)}]`)];
      }),
    ),
  );
}

const momentOf = (line: string): number => Math.round(stampOf(line) * 1e6);

/** Tells the id of the request that opened a connection; undefined if none did. */
function openers(files: Files): (line: string) => string | undefined {
  const byClient = new Map<string, { readonly id: string; readonly from: number; readonly to: number }[]>();
  for (const gen of generators) {
    const [epoch, src] = [epochOf(files, gen), sourceOf(files, gen)];
    for (const { seq, start, end, reused, sport } of rowsOf(files, gen)) {
      if (reused) continue;
      const client = `${src} ${sport}`;
      const own = byClient.get(client) ?? [];
      own.push({ id: `${gen}-${seq}`, from: start + epoch - apart.before, to: end + epoch + apart.after });
      byClient.set(client, own);
    }
  }
  return (line) => {
    const [, src, sport] = / src=(\S+) dst=\S+ sport=(\d+)/.exec(line) ?? [];
    const at = momentOf(line);
    return byClient.get(`${src} ${sport}`)?.findLast(({ from, to }) => at >= from && at <= to)?.id;
  };
}
