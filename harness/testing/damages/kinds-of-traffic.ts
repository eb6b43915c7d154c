import { stamp } from '../worlds/clocks.ts';
import type { Files } from '../worlds/files.ts';
import { byHand, numberOf, type Row, withoutPod } from './by-hand.ts';
import { type Edit, lines, oneAfterAnother, phaseStart } from './edit.ts';
import { connections } from './witness-edits.ts';

const ms = 1000;

/** The lost requests of a kind: those sent in an interval, in ms after the fault phase began. */
export interface Lost {
  readonly conn: 'fresh' | 'kept-alive';
  readonly from: number;
  readonly to: number;
  /** One in this many requests is answered anyway. */
  readonly butOneOf?: number;
}

/** The address of the pod on the node that is off. */
const deadAddress = (files: Files): string => {
  const line = files['events.ndjson']?.find(
    (each) => each.includes('"source":"pod"') && each.includes('"node":"w1"') && !each.includes('"ip":""'),
  );
  return (JSON.parse(line ?? '{}') as { data: { ip: string } }).data.ip;
};

/** Each of these requests was routed to the pod on the node that is off, according to all recordings, and timed out. */
export const lostOnTheDeadNode = ({ conn, from, to, butOneOf = Number.POSITIVE_INFINITY }: Lost): Edit => {
  return (files) => {
    const path = new RegExp(`^requests-${conn}`);
    const lost: (Row & { readonly port: number; readonly at: number })[] = [];
    const rowsLost = byHand(path, (rows, epoch) => {
      const begun = phaseStart(files, 'fault') - epoch;
      const chosen = rows
        .filter(({ code, start }) => code === 0 && start >= begun + from * ms && start < begun + to * ms)
        .sort((one, other) => one.start - other.start)
        .filter((_, index) => index % butOneOf !== butOneOf - 1);
      for (const [index, row] of chosen.entries())
        lost.push({ ...row, port: (conn === 'fresh' ? 50_000 : 40_000) + index, at: row.start + epoch + 100 });
      const ports = new Map(lost.map(({ seq, port }) => [seq, port]));
      return rows.map((row) => {
        const port = ports.get(row.seq);
        if (port === undefined) return row;
        const lost = { end: row.start + 2000 * ms, code: 1050, err: 'request timeout', status: 0, ...withoutPod };
        return { ...row, ...lost, reused: false, sport: port, connection: numberOf(port) };
      });
    })(files);
    const ids = new Set(lost.map(({ seq }) => `"${conn}-${seq}"`));
    const oldPorts = new Set(conn === 'fresh' ? lost.map(({ sport }) => `sport=${sport} dport=80 `) : []);
    const [src, ip] = [conn === 'fresh' ? '10.244.9.5' : '10.244.9.6', deadAddress(files)];
    const opened = lost.map(({ port, at }) => {
      const tuple = `src=${src} dst=10.96.0.20 sport=${port} dport=80 [UNREPLIED] src=${ip} dst=${src} sport=8080 dport=${port}`;
      return `[${stamp(at)}]\t    [NEW] tcp      6 3 SYN_SENT ${tuple}`;
    });
    return oneAfterAnother(
      lines(/^workload/, (all) => all.filter((line) => ![...ids].some((id) => line.includes(id)))),
      connections((all) => [
        ...all.filter((line) => !(line.includes(`src=${src} `) && [...oldPorts].some((port) => line.includes(port)))),
        ...opened,
      ]),
    )(rowsLost);
  };
};
