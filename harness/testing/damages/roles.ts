import { type ArmJson, type Plain, recordedPlan } from './arm-json.ts';
import { byHand, marksAt, refusedIn } from './by-hand.ts';
import { afterAll, copied, planAsRecorded } from './copies.ts';
import { type Damages, type Edit, noticedBy, noticedThough, oneAfterAnother, phaseStart, replaced } from './edit.ts';
import { inArm } from './passing.ts';
import { planned } from './plans.ts';

const expecting = (arm: string, expect: Plain): Edit => planned(arm, (own) => ({ ...own, expect }));

const observed = { kind: 'observed' };
const noLoss = { kind: 'no-loss' };
const someLoss = {
  kind: 'loss',
  atLeast: 1,
  causes: ['not-listening-yet', 'terminated-still-routed', 'no-endpoint', 'stale-conntrack'],
};
const threeNodes = { kind: 'placement', nodesAtLeast: 1, nodesAtMost: 5 };

/** Turns one arm's recording into another arm's, as if it had been recorded under that name at another time. */
const recordedAs = (from: string, to: string, plan: (own: ArmJson) => ArmJson): Edit =>
  oneAfterAnother(copied({ from, to, seconds: afterAll, otherUids: true, otherMarks: true, plan }), planAsRecorded);

/** A treatment with a loss that is allowed only in an arm without protection. */
const lossyTreatment = recordedAs('neither', 'treatment', (own) => ({ ...own, role: 'treatment', expect: noLoss }));
/** An arm without protection that lost nothing, although a loss is expected. */
const safeNeither = recordedAs('treatment', 'neither', (own) => ({
  ...own,
  role: 'unprotected',
  expect: someLoss,
  demands: [],
}));
/** A treatment without any disruption, although a rollout was planned. */
const quietTreatment: Edit = (files) => {
  const { disruptions } = recordedPlan(files, 'treatment');
  return recordedAs('control', 'treatment', (own) => ({ ...own, role: 'treatment', disruptions }))(files);
};

const inEveryArm = (change: (arm: string) => Edit): Edit =>
  oneAfterAnother(...['control', 'treatment', 'neither'].map(change));

const traffic = (arm: string, change: object): Edit =>
  planned(arm, (own) => ({ ...own, traffic: { ...(own.traffic as Plain), ...change } }));

/** A control with only half of its requests on fresh connections. */
const everySecond = inArm(
  'control',
  byHand(/^requests-fresh/, (rows) => rows.filter(({ seq }) => seq % 2 === 0)),
);

const asHalfTheRate: Edit = (files) => {
  const own = recordedPlan(files, 'control').traffic as { freshPerSecond: number };
  const ratePerSecond = own.freshPerSecond / 2;
  return oneAfterAnother(
    inArm(
      'control',
      byHand(/^requests-fresh/, (rows) => rows.map((row) => ({ ...row, seq: row.seq / 2 })), {
        header: { ratePerSecond },
      }),
    ),
    traffic('control', { freshPerSecond: ratePerSecond }),
  )(files);
};

/** Plans an almost empty baseline for every arm. */
const shortBaseline = inEveryArm((arm) =>
  planned(arm, (own) => ({ ...own, phases: { ...(own.phases as Plain), baselineMs: 10 } })),
);

const waiting30s = (arm: string): Edit => inArm(arm, replaced(/^requests/, /"timeoutMs":\d+/g, '"timeoutMs":30000'));

/** Wrong roles of arms, and settings in which arms must not differ. */
export const roleDamages: Damages = {
  ...noticedBy('as-planned', {
    'a treatment without an expectation': expecting('treatment', observed),
    'a treatment that expects a placement although there is traffic': expecting('treatment', threeNodes),
    'an arm without protection and without an expectation': planned('neither', (own) => ({
      ...own,
      expect: observed,
      demands: [],
    })),
    'a control that is planned to be shorter': planned('control', (own) => ({
      ...own,
      phases: { ...(own.phases as Plain), quietMs: 1000 },
    })),
    'a treatment whose clients wait longer': oneAfterAnother(
      waiting30s('treatment'),
      traffic('treatment', { timeoutMs: 30_000 }),
    ),
    'a treatment that sends from another node': traffic('treatment', { from: 'worker' }),
    'a control with a planned disruption': (files) => {
      const { disruptions } = recordedPlan(files, 'treatment');
      return planned('control', (own) => ({ ...own, disruptions }))(files);
    },
  }),
  ...noticedThough('as-planned', {
    'a treatment that lost requests, without an expectation': {
      bare: lossyTreatment,
      coverUp: expecting('treatment', observed),
    },
    'a treatment that lost requests, and was expected to': {
      bare: lossyTreatment,
      coverUp: expecting('treatment', someLoss),
    },
    'a treatment that lost requests, and expects a placement': {
      bare: lossyTreatment,
      coverUp: expecting('treatment', threeNodes),
    },
    'a treatment that lost requests, and was allowed to lose all': {
      bare: lossyTreatment,
      coverUp: expecting('treatment', {
        kind: 'bounded-loss',
        causes: someLoss.causes,
        afterwards: someLoss.causes,
        windowMs: 60_000,
        shareAtMost: 1,
      }),
    },
    'a treatment without any disruption, done or planned': {
      bare: quietTreatment,
      coverUp: planned('treatment', (own) => ({ ...own, disruptions: [] })),
    },
    'an arm without protection that lost nothing, and was expected to': {
      bare: safeNeither,
      coverUp: expecting('neither', noLoss),
    },
    'an arm without protection that lost nothing, without an expectation': {
      bare: safeNeither,
      coverUp: expecting('neither', observed),
    },
    'failures before a late and very short baseline, as planned': {
      bare: inArm('treatment', refusedIn('baseline', 0, 1400)),
      coverUp: oneAfterAnother(
        shortBaseline,
        inArm(
          'treatment',
          marksAt((files) => ({ baseline: phaseStart(files, 'baseline') + 1_500_000 })),
        ),
      ),
    },
    'a control that sent half of the requests, as planned': { bare: everySecond, coverUp: asHalfTheRate },
    'clients that waited longer than planned, except in the control': {
      bare: inEveryArm(waiting30s),
      coverUp: oneAfterAnother(
        inArm('control', replaced(/^requests/, /"timeoutMs":\d+/g, '"timeoutMs":2000')),
        traffic('treatment', { timeoutMs: 30_000 }),
        traffic('neither', { timeoutMs: 30_000 }),
      ),
    },
  }),
};
