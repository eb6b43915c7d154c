import { type ArmJson, plannedArms, recordedWith } from './arm-json.ts';
import { byHand, eventsWith, marksAt, withoutPod } from './by-hand.ts';
import { afterAll, copied } from './copies.ts';
import { type Edits, lines, oneAfterAnother, phaseStart, withEvent } from './edit.ts';
import { inArm } from './passing.ts';

const fresh = /^requests-fresh/;

/** Differences from a usual recording that still match the plan, so that the recording still passes. */
export const unusual: Edits = {
  'a warm-up that began 0.4 s sooner': inArm(
    'treatment',
    marksAt((files) => ({ warmup: phaseStart(files, 'warmup') - 400_000 })),
  ),
  'a plan whose warm-up is 0.9 s longer than it was': inArm(
    'treatment',
    marksAt((files) => ({ warmup: phaseStart(files, 'warmup') + 900_000 })),
  ),
  'rows that count their moments from another epoch': inArm('treatment', (files) =>
    lines(fresh, ([header = '', ...rest]) => {
      const own = JSON.parse(header) as { epoch: number };
      const moved = rest.map((line) =>
        line.replace(
          /^\[(\d+),(-?\d+),(-?\d+),(-?\d+)/,
          (_, seq, due, start, end) => `[${seq},${Number(due) + 5e6},${Number(start) + 5e6},${Number(end) + 5e6}`,
        ),
      );
      return [JSON.stringify({ ...own, epoch: own.epoch - 5_000_000 }), ...moved];
    })(files),
  ),
  'rows in the order in which they were sent': inArm(
    'treatment',
    byHand(fresh, (rows) => rows.toSorted((one, other) => one.start - other.start)),
  ),
  'due times that are rounded to 0.2 ms': inArm(
    'treatment',
    byHand(fresh, (rows) => rows.map((row) => ({ ...row, due: Math.floor(row.due / 200) * 200 }))),
  ),
  'a request that timed out before the baseline': inArm('treatment', (files) =>
    byHand(fresh, (rows, epoch) => {
      const [from, to] = [phaseStart(files, 'warmup') - epoch, phaseStart(files, 'baseline') - epoch];
      const early = rows.findIndex(({ start, end }) => start > from && end < to - 100_000);
      return rows.map((row, index) =>
        index === early
          ? {
              ...row,
              end: row.start + 2_030_000,
              code: 1050,
              err: 'request timeout',
              status: 0,
              ...withoutPod,
            }
          : row,
      );
    })(files),
  ),
  'answers that have no content, or lie elsewhere': inArm(
    'treatment',
    byHand(fresh, (rows) =>
      rows.map((row) => (row.code === 0 ? { ...row, status: row.seq % 2 === 0 ? 204 : 307 } : row)),
    ),
  ),
  'a second Deployment of one replica, which the workload depends on': inArm('treatment', (files) => {
    const deployment = files['events.ndjson']?.find((line) => line.includes('"source":"deployment"')) ?? '{}';
    const { at: _, data, ...event } = JSON.parse(deployment) as { at: number; data: object };
    return withEvent((own) => phaseStart(own, 'deploy') + 1000, {
      ...event,
      subject: 'uid-of-the-dependency',
      name: 'dependency',
      data: { ...data, desired: 1, replicas: 1, updated: 1, ready: 1, available: 1 },
    })(files);
  }),
  'a Deployment that is told of again, as it is': inArm(
    'treatment',
    lines(/^events/, (all) => all.flatMap((line) => (line.includes('"source":"deployment"') ? [line, line] : [line]))),
  ),
  'a Deployment that grew before anything was judged': inArm('treatment', (files) => {
    const deployment = files['events.ndjson']?.find((line) => line.includes('"source":"deployment"')) ?? '{}';
    const { at: _, data, ...event } = JSON.parse(deployment) as { at: number; data: object };
    const small = { ...data, desired: 1, replicas: 1, ready: 1 };
    return withEvent((own) => phaseStart(own, 'deploy') + 1000, { ...event, data: small })(files);
  }),
  'a second slice of every endpoint, as a dual-stack Service has': inArm(
    'treatment',
    lines(/^events/, (all) =>
      all.flatMap((line) => {
        if (!line.includes('"source":"endpointslice"')) return [line];
        const event = JSON.parse(line) as { subject: string; name: string };
        return [line, JSON.stringify({ ...event, subject: `${event.subject}-6`, name: `${event.name}-6` })];
      }),
    ),
  ),
  'a fault that notes more than was planned for it': inArm(
    'treatment',
    eventsWith((event) => {
      const { plan, ...rest } = event.data as { plan?: object };
      return plan ? { ...event, data: { ...rest, plan: { ...plan, timeLimitMs: 20_000, revision: 7 } } } : event;
    }),
  ),
  'a fault planned with the number of ms that it is to begin after': oneAfterAnother(
    plannedArms((arms) => arms.map((arm) => soon(arm))),
    ...['control', 'treatment', 'neither'].map((arm) => recordedWith(arm, soon)),
  ),
  'a treatment that was recorded twice': oneAfterAnother(
    copied({
      from: 'treatment',
      to: 'treatment-2',
      seconds: afterAll,
      otherUids: true,
      otherMarks: true,
      plan: (own) => ({ ...own, name: 'treatment-2', repeats: 'treatment' }),
    }),
    plannedArms((arms) =>
      arms.flatMap((arm) =>
        arm.name === 'treatment' ? [arm, { ...arm, name: 'treatment-2', repeats: 'treatment' }] : [arm],
      ),
    ),
  ),
};

function soon(arm: ArmJson): ArmJson {
  const disruptions = (arm.disruptions as object[]).map((each) => ({ ...each, when: { atMs: 0.5 } }));
  return { ...arm, disruptions };
}
