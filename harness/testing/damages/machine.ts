import type { Files } from '../worlds/files.ts';
import { byHand, marksAt, type Row, withoutPod } from './by-hand.ts';
import { type Edit, lines, oneAfterAnother, phaseStart, withEvent } from './edit.ts';
import { type Generator, generators } from './other-pod.ts';
import { witnessesFollow } from './witnesses-follow.ts';

const ms = 1000;
const fresh = /^requests-fresh/;
const requests = /^requests-/;
const clock = /^clock/;

/** An interval. `from` is in ms after the fault phase began. */
interface Span {
  readonly from: number;
  readonly ms: number;
}

/** Changes the first `many` answered requests that were sent after a time, in ms after the fault phase began. */
const firstAnswers = (path: RegExp, fromMs: number, many: number, change: (row: Row) => Row): Edit =>
  byHand(path, (rows, epoch, files) => {
    const from = phaseStart(files, 'fault') - epoch + fromMs * ms;
    const later = rows.filter(({ start, code }) => code === 0 && start >= from);
    const chosen = new Set(later.sort((one, other) => one.start - other.start).slice(0, many));
    return rows.map((row) => (chosen.has(row) ? change(row) : row));
  });

/** Requests that a pod answered according to its log, but that timed out at the client after 2 s. */
export const timedOut = (fromMs: number, many = 2): Edit =>
  firstAnswers(fresh, fromMs, many, (row) => ({
    ...row,
    end: row.start + 2000 * ms,
    code: 1050,
    err: 'request timeout',
    status: 0,
    ...withoutPod,
  }));

/** Requests that a pod answered with an error. */
export const failedBy503 = (fromMs: number, many = 1): Edit =>
  firstAnswers(fresh, fromMs, many, (row) => ({ ...row, code: 1503, err: '503', status: 503 }));

/**
 * Generators that send nothing in an interval, and send all requests of it at its end. Rows, connections and pod logs
 * agree.
 */
export const stopped =
  ({ from, ms: length }: Span): Edit =>
  (files) => {
    const begun = phaseStart(files, 'fault') + from * ms;
    const over = begun + length * ms;
    const delays = new Map<string, number>();
    const heldBack = (gen: Generator): Edit =>
      byHand(new RegExp(`^requests-${gen}`), (rows, epoch) =>
        rows.map((row) => {
          const by = over - (row.start + epoch);
          if (by <= 0 || by > over - begun) return row;
          delays.set(`${gen}-${row.seq}`, by);
          return { ...row, start: row.start + by, end: row.end + by };
        }),
      );
    const edited = oneAfterAnother(...generators.map(heldBack))(files);
    const delayOf = (id: string): number => delays.get(id) ?? 0;
    return witnessesFollow(files, {
      logged: (line) => ({ ...line, at: line.at + delayOf(line.id) }),
      made: (id, at) => at + delayOf(id),
    })(edited);
  };

/** Generators that send nothing in an interval, and never send its requests. */
export const dropped = ({ from, ms: length }: Span): Edit =>
  byHand(requests, (rows, epoch, files) => {
    const begun = phaseStart(files, 'fault') - epoch + from * ms;
    return rows.filter(({ start }) => start < begun || start >= begun + length * ms);
  });

/** Every request is sent this many ms after it was due. */
const sentLate = (lateMs: number): Edit =>
  byHand(requests, (rows) => rows.map((row) => ({ ...row, due: row.due - lateMs * ms })));

/** Changes the clock samples in an interval. */
const samples = (span: Span, change: (sample: { at: number }) => object | undefined): Edit => {
  return (files) => {
    const begun = phaseStart(files, 'fault') + span.from * ms;
    return lines(clock, (all) =>
      all.flatMap((line) => {
        const sample = JSON.parse(line) as { at: number };
        if (sample.at < begun || sample.at >= begun + span.ms * ms) return [line];
        const changed = change(sample);
        return changed ? [JSON.stringify(changed)] : [];
      }),
    )(files);
  };
};

/** A harness without CPU time: no clock sample in an interval, and a sample with the delay at its end. */
export const heldUp = (span: Span): Edit =>
  oneAfterAnother(
    samples(span, () => undefined),
    (files) => {
      const over = phaseStart(files, 'fault') + (span.from + span.ms) * ms;
      return lines(clock, (all) => {
        const next = all.findIndex((line) => (JSON.parse(line) as { at: number }).at >= over);
        const { at, monotonic, ...sample } = JSON.parse(all[next] ?? '{}') as { at: number; monotonic: number };
        const first = { at: over, monotonic: monotonic + over - at, ...sample, loopDelayMs: span.ms };
        return at === over ? all : [...all.slice(0, next), JSON.stringify(first), ...all.slice(next)];
      })(files);
    },
  );

/** This share of the CPU time, 0 to 1, was stolen by other guests of the host. */
export const stolen = (span: Span, steal: number): Edit => samples(span, (sample) => ({ ...sample, steal }));

/** Every clock sample in an interval reports this delay of the harness's event loop. */
export const loopDelayed = (span: Span, loopDelayMs: number): Edit =>
  samples(span, (sample) => ({ ...sample, loopDelayMs }));

/** Clock samples that include the users of the CPU. */
export const usedBy = (cpu: object): Edit =>
  lines(clock, (all) => all.map((line) => JSON.stringify({ ...JSON.parse(line), cpu })));

/** The node of the pod that answered the first request after a time. */
const nodeThen = (files: Files, fromMs: number): string => {
  let node = '';
  firstAnswers(fresh, fromMs, 1, (row) => {
    node = row.node;
    return row;
  })(files);
  return node;
};

/** Adds events of the engine that a node was frozen: the named node, or the node of the pod that answered at a time. */
export const frozen =
  ({ from, ms: length }: Span, { of = from, node }: { readonly of?: number; readonly node?: string } = {}): Edit =>
  (files) => {
    const subject = node ?? nodeThen(files, of);
    const said = (after: number, type: string, state: string): Edit =>
      withEvent((own) => phaseStart(own, 'fault') + after * ms, {
        source: 'container',
        type,
        subject,
        data: { state, exitCode: null },
      });
    return oneAfterAnother(said(from, 'pause', 'paused'), said(from + length, 'unpause', 'running'))(files);
  };

/** Moves the begin of the fault phase to earlier, so that the injection is later in this phase. */
export const soonerPhase = (early: number): Edit =>
  marksAt((files) => ({ fault: phaseStart(files, 'fault') - early * ms }));

interface Condition {
  /** A failure that counts against the workload if the machine can measure it. */
  readonly lost: Edit;
  readonly trouble: Edit;
  /** Matches the message in the findings. */
  readonly says: RegExp;
}

const still = { from: 1000, ms: 2300 };

/**
 * Troubles of the machine during a treatment. It proves nothing about the workload, so it must neither pass nor fail.
 */
export const machineTroubles: { readonly [what: string]: Condition } = {
  'a machine that is suspended for 2.3 s, while two requests time out': {
    lost: timedOut(940),
    trouble: oneAfterAnother(stopped(still), heldUp(still)),
    says: /2 of them do not count against the workload: sent while the machine stood still \(.* for 2\.3\d s\)/,
  },
  'generators that are stopped for 3 s': {
    lost: timedOut(940),
    trouble: stopped({ from: 1000, ms: 3000 }),
    says: /fresh sent (?:nothing|late) for 3\.\d\d s/,
  },
  'generators that are stopped, and drop the requests of that time': {
    lost: timedOut(940),
    trouble: dropped(still),
    says: /fresh sent nothing for 2\.3\d s/,
  },
  'a request that fails soon after the machine was suspended': {
    lost: failedBy503(3500),
    trouble: oneAfterAnother(stopped(still), heldUp(still)),
    says: /sent while the machine stood still/,
  },
  'a harness that gets no CPU time while a request waits': {
    lost: timedOut(1200),
    trouble: heldUp({ from: 1000, ms: 2500 }),
    says: /holdfast itself was delayed for 2\.50 s/,
  },
  'most of the CPU time stolen while a request waits': {
    lost: timedOut(1200),
    trouble: stolen({ from: 500, ms: 4000 }, 0.8),
    says: /the CPU time was stolen for/,
  },
  'a machine that runs for a twentieth of each second': {
    lost: timedOut(2010),
    trouble: oneAfterAnother(...[1, 2, 3, 4].map((second) => stopped({ from: second * 1000 + 50, ms: 950 }))),
    says: /fresh sent (?:nothing|late) for/,
  },
  'a machine that sends every request 0.1 s late': {
    lost: timedOut(2000),
    trouble: sentLate(100),
    says: /waited on a machine that was slow all along \((?:fresh|kept-alive): 90 % sent within 10\d\.\d ms\)/,
  },
  'a fifth of the CPU time stolen in all phases': {
    lost: timedOut(2000),
    trouble: stolen({ from: -60_000, ms: 600_000 }, 0.2),
    says: /waited on a machine that was slow all along \(20 % of the CPU time was stolen\)/,
  },
  'a node that is frozen, but not by a fault': {
    lost: timedOut(2000, 1),
    trouble: frozen({ from: 1900, ms: 2500 }, { of: 2000 }),
    says: /was frozen, but not by a disruption/,
  },
  'a node that is frozen, but still answers with errors': {
    lost: failedBy503(2000),
    trouble: frozen({ from: 1900, ms: 1500 }, { of: 2000 }),
    says: /was frozen, but not by a disruption/,
  },
};

/** A failure before the injection. It does not count, even without trouble of the machine. */
export const tooEarly: Edit = oneAfterAnother(failedBy503(-500), soonerPhase(900));

/** The arm ends before any event of a fault, with a reason from the recorder. */
export const endedBeforeTheFault = (why: string): Edit => {
  return (files) => {
    const over = phaseStart(files, 'fault');
    const note = { at: over, source: 'phase', type: 'unmeasurable', subject: 'treatment', data: { why } };
    const isBefore = (line: string) => (JSON.parse(line) as { at: number }).at < over;
    const marks = ['end', 'undone'].map((type, index) => ({
      at: over + 1000 * (index + 1),
      source: 'phase',
      type,
      subject: 'treatment',
      data: type === 'undone' ? { errors: [] } : {},
    }));
    return oneAfterAnother(
      lines(/^events/, (all) => [...all.filter(isBefore), ...[note, ...marks].map((event) => JSON.stringify(event))]),
      byHand(requests, (rows, epoch) => rows.filter(({ start }) => start + epoch < over), { footer: { end: over } }),
    )(files);
  };
};
