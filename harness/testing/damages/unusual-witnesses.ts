import { stamp } from '../worlds/clocks.ts';
import { type Edit, type Edits, lines } from './edit.ts';
import { ofTwoFamilies } from './endpoints-by-pod.ts';
import { connections, inOrder } from './witness-edits.ts';

const logs = /^workload/;
const events = /^events/;

/** Adds log lines of requests from another client, for one third of the lines. */
const askedByOthers = (id: string): Edit =>
  lines(logs, (all) =>
    inOrder(
      all.flatMap((line, index) =>
        line.includes('"start"') && index % 3 === 0 ? [line, line.replace(/"id":"[^"]*"/, `"id":"${id}"`)] : [line],
      ),
    ),
  );

/** Conntrack reads some of its events late, and the others immediately. */
const readLate = (share: number, micros: number): Edit =>
  connections((all) =>
    all.map((line, index) => {
      if ((index * 7) % 10 >= share * 10) return line;
      return line.replace(/^\[(\d+)\.(\d{6})\]/, (_, seconds, rest) => {
        const at = Number(seconds + rest) + micros;
        return `[${stamp(at)}]`;
      });
    }),
  );

const copiedSlices = (change: (line: string) => string): Edit =>
  lines(events, (all) => all.flatMap((line) => (line.includes('"endpointslice"') ? [line, change(line)] : [line])));

/** Slices of another Service or address family. */
export const slicesOfOthers: Edits = {
  'each pod in a slice of each address family': ofTwoFamilies,
  'a second Service on the same pods': copiedSlices((line) =>
    line.replace('"subject":"', '"subject":"z-').replace(/"service":"[^"]*"/, '"service":"web-internal"'),
  ),
};

/** Unusual recordings without contradictions. For an arm that replaces its pods. */
export const unusualWitnesses: Edits = {
  'another client that calls the pods': askedByOthers('probe-17'),
  'another client that sends no request id': askedByOthers(''),
  'another client of the Service': connections((all) =>
    all.flatMap((line, index) =>
      index % 5 === 0
        ? [line, line.replace(/( src=| dst=)10\.244\.\d+\.\d+( dst=10\.96| sport=8080)/g, '$110.244.9.9$2')]
        : [line],
    ),
  ),
  'an application that does not send its node’s name': lines(/^requests/, (all) =>
    all.map((line) => line.replace(/,"[^"]*",("[^"]*"\])$/, ',"",$1')),
  ),
  ...slicesOfOthers,
  'half of conntrack read 0.13 s late': readLate(0.5, 130_000),
  'most of conntrack read 0.13 s late': readLate(0.8, 130_000),
  'a clock sample that was 0.9 s late': lines(/^clock/, (all) =>
    all.map((line, index) =>
      index === Math.floor(all.length * 0.6)
        ? line.replace(/"at":(\d+)/, (_, at) => `"at":${Number(at) + 900_000}`)
        : line,
    ),
  ),
  'a clock sample that was 2.5 s late, with an event loop blocked for 2 s': lines(/^clock/, (all) =>
    all.map((line, index) =>
      index === Math.floor(all.length * 0.6)
        ? line
            .replace(/"at":(\d+)/, (_, at) => `"at":${Number(at) + 2_500_000}`)
            .replace(/"loopDelayMs":[\d.]+/, '"loopDelayMs":2000')
        : line,
    ),
  ),
};
