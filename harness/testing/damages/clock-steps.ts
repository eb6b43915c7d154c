import { stamp } from '../worlds/clocks.ts';
import { type Damages, type Edit, lines, noticedBy, noticedThough, podsOf } from './edit.ts';

const conntrack = /^conntrack/;

const sampleOff = (micros: number, change: object = {}): Edit =>
  lines(/^clock/, (all) =>
    all.map((line, index) => {
      if (index !== Math.floor(all.length * 0.6)) return line;
      const sample = JSON.parse(line) as { at: number };
      return JSON.stringify({ ...sample, at: sample.at + micros, ...change });
    }),
  );

/** Adds `micros` to the timestamps from a share of the file on. */
const laterFrom = (path: RegExp, share: number, micros: number, until = 1): Edit =>
  lines(path, (all) =>
    all.map((line, index) => {
      if (index < all.length * share || index >= all.length * until) return line;
      return line
        .replace(/"at":(\d+)/, (_, at) => `"at":${Number(at) + micros}`)
        .replace(/^\[(\d+)\.(\d{6})\]/, (_, seconds, rest) => {
          const at = Number(seconds + rest) + micros;
          return `[${stamp(at)}]`;
        });
    }),
  );

/** Clocks that are wrong for one sample, or for less than half of the time. */
export const stepDamages: Damages = {
  ...noticedBy('clock-steady', {
    'a clock that was 30 s ahead for one sample': sampleOff(30_000_000),
    'a clock that was 2 s behind for one sample': sampleOff(-2_000_000),
  }),
  ...noticedBy('recordings-agree', {
    'conntrack 0.8 s ahead for its last 45 %': laterFrom(conntrack, 0.55, 800_000),
    'conntrack 0.2 s ahead for a fifth of the time': laterFrom(conntrack, 0.5, 200_000, 0.7),
    'the log of a pod 0.2 s ahead for its last third': (files) =>
      laterFrom(new RegExp(`^workload/${podsOf(files)[0]}\\.`), 0.6, 200_000)(files),
  }),
  ...noticedThough('clock-steady', {
    'a clock that was 30 s ahead for one sample, with a short delay of the event loop': {
      bare: sampleOff(30_000_000),
      coverUp: sampleOff(0, { loopDelayMs: 900 }),
    },
  }),
  ...noticedThough('recordings-agree', {
    'conntrack 0.8 s ahead for its last 45 %, except every 16th line': {
      bare: laterFrom(conntrack, 0.55, 800_000),
      coverUp: lines(conntrack, (all) => {
        const at = (line: string) => Number(line.slice(1, line.indexOf(']')));
        const back = (line: string) => laterFrom(/./, 0, -800_000)({ 'conntrack.log': [line] })['conntrack.log']?.[0];
        return all
          .map((line, index) =>
            line.startsWith('[') && index >= all.length * 0.55 && index % 16 === 0 ? (back(line) ?? line) : line,
          )
          .toSorted((one, other) => (one.startsWith('[') && other.startsWith('[') ? at(one) - at(other) : 0));
      }),
    },
  }),
};
