import type { Files } from '../worlds/files.ts';
import { armPlanWith, byHand } from './by-hand.ts';
import { type Damages, type Edit, lines, noticedThough, oneAfterAnother } from './edit.ts';
import { inOrder, type LogLine, logOf, podsByAddress, type SeenPod } from './witness-edits.ts';

const logs = /^workload/;

/** Changes the plan so that any failed request is a loss. */
const asTreatment: Edit = armPlanWith((plan) => ({ ...plan, role: 'treatment', expect: { kind: 'no-loss' } }));

/** The pod of the last connection from each port. */
function podsByPort(files: Files): Map<string, SeenPod> {
  const pods = podsByAddress(files);
  const found = new Map<string, SeenPod>();
  for (const line of files['conntrack.log'] ?? []) {
    const [, port = '', ip = ''] = /\[NEW\].* sport=(\d+) dport=80 .*src=(\S+)/.exec(line) ?? [];
    const pod = pods.get(ip);
    if (pod) found.set(port, pod);
  }
  return found;
}

/** Turns every failed request into an answer of the pod in conntrack, in the rows and in that pod's log. */
const failuresAnswered: Edit = (files) => {
  const byPort = podsByPort(files);
  const [any] = byPort.values();
  const written: LogLine[] = [];
  const answered = (gen: string): Edit =>
    byHand(new RegExp(`^requests-${gen}`), (all, epoch) =>
      all.map((row) => {
        if (row.code === 0) return row;
        const pod = byPort.get(String(row.sport)) ?? any;
        if (!pod) return row;
        const id = `${gen}-${row.seq}`;
        const start = epoch + row.start;
        const end = Math.min(row.end, row.start + 1500);
        written.push({ at: start + 100, type: 'start', pod: pod.name, id });
        written.push({ at: Math.max(start + 200, epoch + end - 50), type: 'end', pod: pod.name, id });
        const who = { podBy: 'header', pod: pod.name, node: pod.node, version: pod.version };
        return { ...row, end, code: 0, err: '', status: 200, ...who };
      }),
    );
  const edited = oneAfterAnother(answered('fresh'), answered('kept-alive'))(files);
  const pods = new Set(written.map(({ pod }) => pod));
  const logged = [...pods].map((pod) => logOf(pod, (log) => [...log, ...written.filter((line) => line.pod === pod)]));
  return oneAfterAnother(...logged)(edited);
};

/** Moves the times of each pod's listener so that all its logged answers fit between them. */
const listenersMoved: Edit = lines(logs, (all) => {
  const log = all.map((line) => JSON.parse(line) as LogLine);
  const starts = log.filter(({ type }) => type === 'start').map(({ at }) => at);
  const ends = log.filter(({ type }) => type === 'end').map(({ at }) => at);
  const [first, last] = [Math.min(...starts), Math.max(...ends)];
  const moment = ({ at, type }: LogLine): number => {
    if (type === 'boot') return Math.min(at, first - 2000);
    if (type === 'listen' || type === 'ready') return Math.min(at, first - 1000);
    return type === 'close' || type === 'exit' ? Math.max(at, last + 1000) : at;
  };
  return inOrder(log.map((line) => JSON.stringify({ ...line, at: moment(line) })));
});

/** Removes the failed requests, and renumbers the others in rows and logs. */
export const failuresLeftOut: Edit = (files) => {
  const numbers = new Map<string, string>();
  const leftOut = (gen: string): Edit =>
    byHand(new RegExp(`^requests-${gen}`), (all, _, own) => {
      const header = JSON.parse(own[`requests-${gen}.ndjson`]?.[0] ?? '{}') as { ratePerSecond: number };
      const sound = all.filter(({ code }) => code === 0).toSorted((one, other) => one.seq - other.seq);
      const due = sound[0]?.due ?? 0;
      return sound
        .map((row, seq) => {
          numbers.set(`"${gen}-${row.seq}"`, `"${gen}-${seq}"`);
          return { ...row, seq, due: Math.round(due + (seq * 1e6) / header.ratePerSecond) };
        })
        .sort((one, other) => one.end - other.end);
    });
  const edited = oneAfterAnother(leftOut('fresh'), leftOut('kept-alive'))(files);
  return lines(logs, (all) => all.map((line) => line.replace(/"[\w-]+-\d+"(?=\}$)/, (id) => numbers.get(id) ?? id)))(
    edited,
  );
};

/** For an arm that loses requests, judged as if it must not. */
export const answeredByHand: Damages = noticedThough('witnesses-agree', {
  'failures changed to answers, in rows and logs': { bare: asTreatment, coverUp: failuresAnswered },
  'failures changed to answers, of pods that listen all the time': {
    bare: asTreatment,
    coverUp: oneAfterAnother(failuresAnswered, listenersMoved),
  },
  'failures removed, and the other requests renumbered': { bare: asTreatment, coverUp: failuresLeftOut },
});

/** For an arm that loses a node, and may lose requests because of that. */
export const answeredByALostNode: Damages = noticedThough('witnesses-agree', {
  'failures on a lost node changed to answers of its pod, in rows and logs': {
    bare: asTreatment,
    coverUp: failuresAnswered,
  },
});
