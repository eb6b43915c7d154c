import type { Files } from '../worlds/files.ts';
import { fieldsOf, readRow } from './by-hand.ts';
import { type Edit, lines, podsOf, replaced } from './edit.ts';

const logs = /^workload/;
const conntrack = /^conntrack/;

export interface LogLine {
  at: number;
  type: string;
  pod: string;
  id?: string;
}

export const inOrder = (all: readonly string[]): string[] => {
  const at = (line: string) => Number(/"at":(\d+)/.exec(line)?.[1]);
  return all.toSorted((one, other) => at(one) - at(other));
};

export const logOf = (pod: string, change: (log: LogLine[]) => LogLine[]): Edit =>
  lines(new RegExp(`^workload/${pod}\\.`), (all) =>
    inOrder(change(all.map((line) => JSON.parse(line) as LogLine)).map((line) => JSON.stringify(line))),
  );

/** Changes the log of the first pod in the recording, which a rollout replaces. With `index`, of another pod. */
export const ofThePod =
  (change: (log: LogLine[], files: Files) => LogLine[], index = 0): Edit =>
  (files) =>
    logOf(podsOf(files)[index] ?? '', (log) => change(log, files))(files);

/** Changes the connections in conntrack, and updates the total count. */
export const connections = (change: (all: readonly string[]) => readonly string[]): Edit =>
  lines(conntrack, (all) => {
    const stamped = (line: string) => line.startsWith('[');
    const at = (line: string) => Number(line.slice(1, line.indexOf(']')));
    const changed = change(all.filter(stamped)).toSorted((one, other) => at(one) - at(other));
    const [head, tail] = [all.filter((line) => line.startsWith('NOTICE')), all.filter((line) => /shown\.$/.test(line))];
    return [...head, ...changed, ...tail.map((line) => line.replace(/: \d+ flow/, `: ${changed.length} flow`))];
  });

export const isNew = (line: string): boolean => line.includes('[NEW]');
export const fromPort = (line: string, port: (own: number) => number): string =>
  line.replace(/ (sport|dport)=(\d{4,5})(?= dport=80 |$)/g, (_, key, own) => ` ${key}=${port(Number(own))}`);

export interface SeenPod {
  readonly name: string;
  readonly node: string;
  readonly version: string;
}

/** Pods by their addresses in the pod watch. */
export function podsByAddress(files: Files): Map<string, SeenPod> {
  const pods = new Map<string, SeenPod>();
  for (const line of files['events.ndjson'] ?? []) {
    if (!line.includes('"source":"pod"')) continue;
    const { name, data } = JSON.parse(line) as { name: string; data: SeenPod & { ip: string } };
    if (data.ip !== '') pods.set(data.ip, { name, node: data.node, version: data.version });
  }
  return pods;
}

/** Answers of the first pod seem to come from the second. */
export function inAnothersName(path: RegExp): Edit {
  return (files) => {
    const [one = '', other = ''] = podsOf(files);
    return replaced(path, `"${one}"`, `"${other}"`)(files);
  };
}

/** Changes the pods' logs to agree with the answers in the rows. */
export const logsFollow =
  (path: RegExp, gen: string): Edit =>
  (files) => {
    const answeredBy = new Map<string, string>();
    for (const [name, all] of Object.entries(files)) {
      if (!path.test(name)) continue;
      const fields = fieldsOf(all[0]);
      for (const line of all.slice(1, -1)) {
        const { seq, pod } = readRow(line, fields);
        answeredBy.set(`${gen}-${seq}`, pod);
      }
    }
    const all = Object.entries(files)
      .filter(([name]) => logs.test(name))
      .flatMap(([, own]) => own.map((line) => JSON.parse(line) as LogLine));
    const lineOf = (line: LogLine): LogLine => ({ ...line, pod: answeredBy.get(line.id ?? '') || line.pod });
    const placed = all.map(lineOf);
    return Object.fromEntries(
      Object.entries(files).map(([name, own]) => {
        const pod = /^workload\/(.*)\.ndjson$/.exec(name)?.[1];
        if (pod === undefined) return [name, own];
        return [name, inOrder(placed.filter((line) => line.pod === pod).map((line) => JSON.stringify(line)))];
      }),
    );
  };
