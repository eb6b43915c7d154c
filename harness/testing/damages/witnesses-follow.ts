import { stamp } from '../worlds/clocks.ts';
import type { Files } from '../worlds/files.ts';
import { type Edit, lines, oneAfterAnother } from './edit.ts';
import { epochOf, generators, rowsOf, sourceOf, stampOf } from './other-pod.ts';
import { connections, inOrder, isNew, type LogLine } from './witness-edits.ts';

/**
 * The largest difference between the times of a connection in conntrack and of its request, in µs: before the request's
 * start and after its end.
 */
const apart = { before: 50_000, after: 1_000_000 };

/**
 * How requests were changed, by their original ids. Undefined if the request was removed. Times are in µs since the
 * epoch.
 */
interface Fates {
  /** The changed line of the pod's log. */
  readonly logged: (line: LogLine & { readonly id: string }) => LogLine | undefined;
  /** The changed time of the connection that the request opened. */
  readonly made: (id: string, at: number) => number | undefined;
}

/** Changes conntrack and the pods' logs to agree with changed requests. `before` holds the original files. */
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

/** Returns the id of the request that opened a connection, or undefined if there is none. */
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
