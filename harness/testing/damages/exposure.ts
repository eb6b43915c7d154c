import type { Files } from '../worlds/files.ts';
import { armPlanWith, byHand, type Row } from './by-hand.ts';
import { type Damages, type Edit, type Edits, oneAfterAnother, phaseStart, withEvent } from './edit.ts';
import {
  answeredBy,
  answeredToo,
  askedInstead,
  epochOf,
  type Generator,
  lastingPods,
  namedInstead,
  neverReused,
  notReused,
  rowsOf,
  terminatedAt,
  terminatedPods,
} from './other-pod.ts';
import { witnessesFollow } from './witnesses-follow.ts';

type Choice = Parameters<typeof askedInstead>[0];

const otherPodInstead = (choice: Choice): Damages[string] => ({
  bare: namedInstead(choice),
  edit: askedInstead(choice),
  noticedBy: 'exposed',
});

/** The first and the last of the old pods to be terminated. */
const oldPods = (files: Files): { readonly from: string; readonly to: string } => {
  const pods = terminatedPods(files);
  return { from: pods[0] ?? '', to: pods.at(-1) ?? '' };
};

/** The last and the first of the new pods to become ready. */
const newPods = (files: Files): { readonly from: string; readonly to: string } => {
  const pods = lastingPods(files);
  return { from: pods.at(-1) ?? '', to: pods[0] ?? '' };
};

/** A kept-alive connection stays with the pod that it was opened to. */
const inWarmUpAlone: readonly Choice[] = [
  (files) => ({ ...oldPods(files), gen: 'fresh', since: phaseStart(files, 'baseline') }),
  (files) => ({ ...oldPods(files), gen: 'kept-alive' }),
];

const oneAndTwo: readonly Choice[] = [
  oldPods,
  (files) => ({ from: terminatedPods(files)[1] ?? '', to: terminatedPods(files).at(-1) ?? '' }),
];

/** Keeps one in `oneIn` rows of a generator, as if its rate were lower. */
const slower = (gen: Generator, oneIn: number): Edit =>
  byHand(new RegExp(`^requests-${gen}`), (rows) => rows.filter(({ seq }) => seq % oneIn === 0));

/**
 * The remaining requests. For removed requests that had opened a connection, `openers` holds the number of the request
 * and the row that opens it instead.
 */
interface Left {
  readonly rows: ReadonlyMap<number, Row>;
  readonly openers: ReadonlyMap<number, Row | undefined>;
}

/**
 * Removes requests. If the opener of a connection is removed, the first remaining request on this connection opens it
 * instead. No new connection is routed to a terminated pod, so requests that such a pod answered use the last used
 * connection to that pod.
 */
function leftOf(all: readonly Row[], isLeft: (row: Row) => boolean, takenAt: (pod: string) => number): Left {
  const rows = new Map<number, Row>();
  const openers = new Map<number, Row | undefined>();
  const openedBy = new Map<unknown, number>();
  const usedLast = (pod: string, before: number): Row | undefined =>
    [...rows.values()].findLast((row) => row.pod === pod && row.end < before);
  for (const row of all.toSorted((one, other) => one.seq - other.seq)) {
    const { reused, sport, pod } = row;
    if (!reused) openedBy.set(sport, row.seq);
    if (!isLeft(row)) {
      if (!reused) openers.set(row.seq, undefined);
      continue;
    }
    const opener = openedBy.get(sport) ?? row.seq;
    const isOpen = !openers.has(opener) || openers.get(opener) !== undefined;
    if (isOpen) rows.set(row.seq, row);
    else if (row.start < takenAt(pod)) {
      openers.set(opener, row);
      rows.set(row.seq, { ...row, reused: false });
    } else {
      const { sport: port = 0, connection = 0 } = usedLast(pod, row.start) ?? {};
      rows.set(row.seq, { ...row, reused: true, sport: port, connection });
    }
  }
  return { rows, openers };
}

/** Lowers the rate of a generator in all files: numbers of requests, plan and header, connections and pod logs. */
const plannedSlower =
  (gen: Generator, oneIn: number): Edit =>
  (files) => {
    const setting = gen === 'fresh' ? 'freshPerSecond' : 'keptAlivePerSecond';
    const rate = (JSON.parse(files[`requests-${gen}.ndjson`]?.[0] ?? '{}') as { ratePerSecond: number }).ratePerSecond;
    const epoch = epochOf(files, gen);
    const left = leftOf(
      rowsOf(files, gen),
      ({ seq }) => seq % oneIn === 0,
      (pod) => (terminatedAt(files, pod) || Number.POSITIVE_INFINITY) - epoch,
    );
    const seqOf = (id: string): number | undefined =>
      id.startsWith(`${gen}-`) ? Number(id.slice(gen.length + 1)) : undefined;
    return oneAfterAnother(
      byHand(
        new RegExp(`^requests-${gen}`),
        (rows) =>
          rows.flatMap(({ seq }) => {
            const row = left.rows.get(seq);
            return row ? [{ ...row, seq: seq / oneIn }] : [];
          }),
        { header: { ratePerSecond: rate / oneIn } },
      ),
      armPlanWith((plan) => ({ ...plan, traffic: { ...(plan.traffic as object), [setting]: rate / oneIn } })),
      witnessesFollow(files, {
        logged: (line) => {
          const seq = seqOf(line.id);
          if (seq === undefined) return line;
          return seq % oneIn === 0 ? { ...line, id: `${gen}-${seq / oneIn}` } : undefined;
        },
        made: (id, at) => {
          const seq = seqOf(id);
          if (seq === undefined || !left.openers.has(seq)) return at;
          const opener = left.openers.get(seq);
          return opener && opener.start + epoch + 200;
        },
      }),
    )(files);
  };

/** Removes the requests of a generator for this long, starting when the first pod is terminated. */
const still = (gen: Generator, micros: number): Edit =>
  byHand(new RegExp(`^requests-${gen}`), (rows, epoch, files) => {
    const from = terminatedAt(files, oldPods(files).from) - 100_000;
    return rows.filter(({ start }) => start + epoch < from || start + epoch > from + micros);
  });

const noKept: Choice = (files) => ({ ...oldPods(files), gen: 'kept-alive' });

/** Edits after which a rollout does not meet its traffic, although all failures and checks look fine. */
export const exposureDamages: Damages = {
  'an old pod that no request came to, as with session affinity': otherPodInstead(oldPods),
  'an old pod that no kept-alive request came to': otherPodInstead(noKept),
  'an old pod that no fresh request came to': otherPodInstead((files) => ({ ...oldPods(files), gen: 'fresh' })),
  'an old pod that requests came to in the warm-up alone': {
    bare: oneAfterAnother(...inWarmUpAlone.map(namedInstead)),
    edit: oneAfterAnother(...inWarmUpAlone.map(askedInstead)),
    noticedBy: 'exposed',
  },
  'two of three old pods that no request came to': {
    bare: oneAfterAnother(...oneAndTwo.map(namedInstead)),
    edit: oneAfterAnother(...oneAndTwo.map(askedInstead)),
    noticedBy: 'exposed',
  },
  'a new pod that was never asked': otherPodInstead(newPods),
  'a new pod that no fresh request came to': otherPodInstead((files) => ({ ...newPods(files), gen: 'fresh' })),
  'kept-alive connections that were never used again': {
    bare: notReused(1),
    edit: neverReused(1),
    noticedBy: 'exposed',
  },
  'fresh requests too few to meet a pod as it is taken': {
    bare: slower('fresh', 10),
    edit: plannedSlower('fresh', 10),
    noticedBy: 'exposed',
  },
  'so few kept-alive connections that none was to an old pod': {
    bare: oneAfterAnother(slower('kept-alive', 12), namedInstead(noKept)),
    edit: oneAfterAnother(askedInstead(noKept), plannedSlower('kept-alive', 12)),
    noticedBy: 'exposed',
  },
  'no fresh request as a pod is taken': { edit: still('fresh', 1_500_000), noticedBy: 'exposed' },
  'no kept-alive request as a pod is taken': { edit: still('kept-alive', 2_700_000), noticedBy: 'exposed' },
};

/** The pod on the lost node, and another pod. */
const lost = 'web-old-0';
const other = 'web-old-1';
const notToTheLost: Choice = () => ({ from: lost, to: other });

/** Edits after which the loss of a node does not meet its traffic, although all failures and checks look fine. */
export const lossExposureDamages: Damages = {
  'a pod that still answers although its node is off': {
    bare: answeredBy(lost),
    edit: answeredToo(lost),
    noticedBy: 'witnesses-agree',
  },
  'a lost pod that never received a request': {
    bare: oneAfterAnother(namedInstead(notToTheLost), answeredBy(other)),
    edit: oneAfterAnother(askedInstead(notToTheLost), answeredToo(other, lost)),
    noticedBy: 'exposed',
  },
  'too few fresh requests to reach a pod while its node is lost': {
    bare: slower('fresh', 10),
    edit: plannedSlower('fresh', 10),
    noticedBy: 'exposed',
  },
};

/** Adds a pod with these states to the pod watch. */
const extraPod = (
  states: (files: Files) => readonly { readonly at: number; readonly type: string; readonly data: object }[],
): Edit => {
  const pod = {
    node: '',
    ip: '',
    phase: 'Pending',
    ready: false,
    version: '2',
    terminating: false,
    graceSeconds: null,
    containers: [],
  };
  const extra = { subject: 'uid-extra', kind: 'Pod', name: 'web-extra' };
  return (files) =>
    oneAfterAnother(
      ...states(files).map(({ at, type, data }) =>
        withEvent(() => at, { source: 'pod', type, ...extra, data: { ...pod, ...data } }),
      ),
    )(files);
};

/** Differences from a usual rollout after which every pod is still exposed. */
export const unusualExposure: Edits = {
  'an old pod that fresh requests came to from the fault on': askedInstead((files) => ({
    ...oldPods(files),
    gen: 'fresh',
    until: phaseStart(files, 'fault'),
  })),
  'a server that closes one in four kept-alive connections': neverReused(4),
  'half as many kept-alive requests': plannedSlower('kept-alive', 2),
  'half as many fresh requests': plannedSlower('fresh', 2),
  'a pod that was terminated before it was ready': extraPod((files) => {
    const from = phaseStart(files, 'fault') + 500_000;
    return [
      { at: from, type: 'added', data: {} },
      { at: from + 200_000, type: 'modified', data: { terminating: true } },
      { at: from + 300_000, type: 'deleted', data: { terminating: true } },
    ];
  }),
  'a new pod that is ready a second before the end': extraPod((files) => {
    const end = phaseStart(files, 'end');
    const running = { phase: 'Running', ip: '10.244.9.99', node: 'worker' };
    return [
      { at: end - 1_500_000, type: 'added', data: {} },
      { at: end - 1_000_000, type: 'modified', data: { ...running, ready: true } },
    ];
  }),
};
