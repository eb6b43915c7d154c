import type { Micros } from '../model/units.ts';

/** One line of `conntrack.log`: a connection to the Service, and the endpoint that DNAT chose for it. */
export interface ConntrackEvent {
  readonly at: Micros;
  /**
   * `new`: the first packet. `destroy`: the entry was removed, also immediately if the endpoint refused the connection.
   */
  readonly event: 'new' | 'destroy';
  readonly src: string;
  readonly sport: number;
  /** The ClusterIP. */
  readonly dst: string;
  readonly endpointIp: string;
  readonly endpointPort: number;
  /** Whether the endpoint never completed a handshake. */
  readonly unreplied: boolean;
}

// Two tuples: the packet of the client, and the expected answer of the endpoint. Before them there is a state and
// sometimes a time-out. After each there are packets and bytes, if the kernel counts them (nf_conntrack_acct=1).
const pattern =
  /^\[(\d+)\.(\d{6})\]\s+\[(NEW|DESTROY)\] tcp .*? src=(\S+) dst=(\S+) sport=(\d+) dport=\d+ (?:packets=\d+ bytes=\d+ )?(\[UNREPLIED\] )?src=(\S+) dst=\S+ sport=(\d+) dport=\d+/;

/** Parses a line of `conntrack -E -o timestamp`. Undefined if it is another line or was cut off. */
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
