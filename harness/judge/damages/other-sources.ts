import {
  cutInLine,
  type Edit,
  type Edits,
  firstHalf,
  lines,
  podsOf,
  shifted,
  withoutFiles,
  withoutLines,
} from './edit.ts';

const conntrack = /^conntrack/;
const clock = /^clock/;
const logs = /^workload/;

const logOf =
  (index: number, edit: (path: RegExp) => Edit): Edit =>
  (files) =>
    edit(new RegExp(`^workload/${podsOf(files)[index]}\\.`))(files);

const moved = (micros: number) =>
  lines(conntrack, (all) =>
    all.map((line) =>
      line.replace(/^\[(\d+)\.(\d{6})\]/, (_, seconds, rest) => {
        const at = Number(seconds + rest) + micros;
        return `[${Math.floor(at / 1e6)}.${String(at % 1e6).padStart(6, '0')}]`;
      }),
    ),
  );

export const connectionDamages: Edits = {
  'no conntrack log': withoutFiles(conntrack),
  'an empty conntrack log': lines(conntrack, () => []),
  'half of the connections': firstHalf(conntrack),
  'connections cut off within a line': cutInLine(conntrack),
  'every tenth connection lost': lines(conntrack, (all) =>
    all.filter((line, at) => at % 10 !== 5 && line.startsWith('[')),
  ),
  'one connection lost, and a total that knows of it': lines(conntrack, (all) => all.filter((_, at) => at !== 50)),
  'connections on a clock 200 ms ahead': moved(200_000),
  'connections on a clock 200 ms behind': moved(-200_000),
};

export const clockDamages: Edits = {
  'no clock': withoutFiles(clock),
  'an empty clock': lines(clock, () => []),
  'a clock that stopped': lines(clock, (all) => all.slice(0, 8)),
  'half of the clock': firstHalf(clock),
  'a clock cut off within a line': cutInLine(clock),
  'a clock with a gap': lines(clock, (all) => all.filter((_, at) => at < 8 || at > 14)),
  'a clock that stepped': lines(clock, (all) =>
    all.map((line, index) =>
      index < 12 ? line : line.replace(/"at":(\d+)/, (_, moment) => `"at":${Number(moment) + 50_000}`),
    ),
  ),
};

/** The pods whose places are 0 to 2 are the old ones, 3 to 5 the new ones. */
export const logDamages: Edits = {
  'no pod logs': withoutFiles(logs),
  'no log of an old pod': logOf(0, withoutFiles),
  'no log of a new pod': logOf(4, withoutFiles),
  'an empty log': logOf(1, (path) => lines(path, () => [])),
  'half of a log': logOf(1, firstHalf),
  'a log cut off within a line': logOf(4, cutInLine),
  'a log on a clock 200 ms ahead': logOf(0, (path) => shifted(path, 200_000)),
  'a log on a clock 200 ms behind': logOf(0, (path) => shifted(path, -200_000)),
  'the log of another pod': (files) => {
    const [one, other] = podsOf(files);
    return { ...files, [`workload/${one}.ndjson`]: files[`workload/${other}.ndjson`] ?? [] };
  },
  'a log that says nothing of its end': logOf(0, (path) => withoutLines(path, /"type":"(sigterm|close|exit)"/)),
  'a log without the requests': logOf(3, (path) => withoutLines(path, /"type":"(start|end)"/)),
};
