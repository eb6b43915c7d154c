import type { Micros } from '../model/units.ts';

/** One line of `conntrack.log`: a connection to the Service, and the endpoint that DNAT chose for it. */
export interface ConntrackEvent {
  readonly at: Micros;
  /** `new`: its first packet. `destroy`: its entry is gone, also at once when the endpoint refused it. */
  readonly event: 'new' | 'destroy';
  readonly src: string;
  readonly sport: number;
  /** The ClusterIP. */
  readonly dst: string;
  readonly endpointIp: string;
  readonly endpointPort: number;
  /** The endpoint never completed a handshake on it. */
  readonly unreplied: boolean;
}

// Two tuples: what the client sent, and what the endpoint would answer. Before them stand a state and, at times, a
// time-out; after each its packets and bytes, if the kernel counts them (nf_conntrack_acct=1).
const pattern =
  /^\[(\d+)\.(\d{6})\]\s+\[(NEW|DESTROY)\] tcp .*? src=(\S+) dst=(\S+) sport=(\d+) dport=\d+ (?:packets=\d+ bytes=\d+ )?(\[UNREPLIED\] )?src=(\S+) dst=\S+ sport=(\d+) dport=\d+/;

/** Reads a line of `conntrack -E -o timestamp`; undefined when it is none, or was cut off. */
export function parseConntrackLine(line: string): ConntrackEvent | undefined {
  const match = pattern.exec(line);
  if (!match) return undefined;
  const [, seconds = '', micros = '', event, src = '', dst = '', sport, unreplied, endpointIp = '', endpointPort] =
    match;
  return {
    at: Number(seconds + micros),
    event: event === 'NEW' ? 'new' : 'destroy',
    src,
    sport: Number(sport),
    dst,
    endpointIp,
    endpointPort: Number(endpointPort),
    unreplied: unreplied !== undefined,
  };
}
