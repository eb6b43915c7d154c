import { stamp } from '../worlds/clocks.ts';
import {
  cutInLine,
  type Damages,
  type Edit,
  firstHalf,
  lines,
  noticedBy,
  podsOf,
  shifted,
  withoutFiles,
  withoutLines,
} from './edit.ts';
import { inArm } from './passing.ts';

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
        return `[${stamp(at)}]`;
      }),
    ),
  );

export const connectionDamages: Damages = {
  ...noticedBy('recordings-agree', {
    'no conntrack log': withoutFiles(conntrack),
    'an empty conntrack log': lines(conntrack, () => []),
    'half of the connections': firstHalf(conntrack),
    'every tenth connection lost': lines(conntrack, (all) =>
      all.filter((line, at) => at % 10 !== 5 && line.startsWith('[')),
    ),
    'connections on a clock 200 ms ahead': moved(200_000),
    'connections on a clock 200 ms behind': moved(-200_000),
  }),
  ...noticedBy('recording-intact', {
    'connections cut off within a line': cutInLine(conntrack),
    'one connection lost, and a total that knows of it': lines(conntrack, (all) => all.filter((_, at) => at !== 50)),
  }),
};

export const clockDamages: Damages = {
  ...noticedBy('clock-steady', {
    'no clock': withoutFiles(clock),
    'an empty clock': lines(clock, () => []),
    'a clock that stopped': lines(clock, (all) => all.slice(0, 8)),
    'half of the clock': firstHalf(clock),
    'a clock with a gap': lines(clock, (all) => all.filter((_, at) => at < 8 || at > 14)),
    'a clock that stepped': lines(clock, (all) =>
      all.map((line, index) =>
        index < 12 ? line : line.replace(/"at":(\d+)/, (_, moment) => `"at":${Number(moment) + 50_000}`),
      ),
    ),
  }),
  ...noticedBy('recording-intact', {
    'a clock cut off within a line': cutInLine(clock),
  }),
};

/** Pods 0 to 2 are the old ones, pods 3 to 5 the new ones. */
export const logDamages: Damages = {
  ...noticedBy('recordings-agree', {
    'no pod logs': withoutFiles(logs),
    'no log of an old pod': logOf(0, withoutFiles),
    'no log of a new pod': logOf(4, withoutFiles),
    'an empty log': logOf(1, (path) => lines(path, () => [])),
    'half of a log': logOf(1, firstHalf),
    'a log on a clock 200 ms ahead': logOf(0, (path) => shifted(path, 200_000)),
    'a log on a clock 200 ms behind': logOf(0, (path) => shifted(path, -200_000)),
    'the log of another pod': (files) => {
      const [one, other] = podsOf(files);
      return { ...files, [`workload/${one}.ndjson`]: files[`workload/${other}.ndjson`] ?? [] };
    },
    'a log without the requests': logOf(3, (path) => withoutLines(path, /"type":"(start|end)"/)),
  }),
  ...noticedBy('recording-intact', {
    'a log cut off within a line': logOf(4, cutInLine),
  }),
  ...noticedBy('watches-match-logs', {
    'a log that says nothing of its end': logOf(0, (path) => withoutLines(path, /"type":"(sigterm|close|exit)"/)),
  }),
};

const rules = /^rules/;

/** The line at which the rules changed for the last time. */
const lastSync = (all: readonly string[]): number => {
  const at = (line = '') => Number.parseFloat(line);
  return all.findIndex((line) => at(line) > at(all.at(-1)) - 0.05);
};

/** For an arm that must close its listeners well after its rules are removed. */
export const ruleDamages: Damages = noticedBy('demand-met: margin-close', {
  'no rules': withoutFiles(rules),
  'an empty log of rules': lines(rules, () => []),
  'no list of the initial rules': lines(rules, (all) => all.filter((line) => / rule ip nat /.test(line))),
  'rules cut off before they changed for the last time': lines(rules, (all) => all.slice(0, lastSync(all))),
  'half of the rules': firstHalf(rules),
  'rules cut off within a line': cutInLine(rules),
  'two lines of garbage instead of rules': lines(rules, () => ['\u0000\u0001', 'no rule at all']),
  'a line of garbage among the rules': lines(rules, (all) => [...all.slice(0, 20), '?', ...all.slice(21)]),
});

/** Losses of rules in a run that recorded them. */
export const lostRules: Damages = noticedBy('recording-intact', {
  'no rules in an arm without demands on them': inArm('control', withoutFiles(rules)),
  'rules cut off in an arm without demands on them': inArm(
    'neither',
    lines(rules, (all) => all.slice(0, lastSync(all))),
  ),
});
