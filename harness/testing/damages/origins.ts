import type { ArmFile } from '../../model/arm-file.ts';
import { digestOf } from '../../model/digest.ts';
import { plannedArms } from './arm-json.ts';
import { afterAll, copied } from './copies.ts';
import {
  type Damages,
  type Edit,
  type Edits,
  lines,
  noticedBy,
  oneAfterAnother,
  replaced,
  withoutLines,
} from './edit.ts';
import { inArm } from './passing.ts';

/** Changes fields of the arm's own file, apart from its plan. */
const armFileWith = (arm: string, change: (file: ArmFile) => object): Edit =>
  inArm(
    arm,
    lines(/^arm\.json$/, (all) => {
      const file = JSON.parse(all.join('\n')) as ArmFile;
      return [JSON.stringify({ ...file, ...change(file) })];
    }),
  );

const inAll = (edit: (arm: string) => Edit): Edit => oneAfterAnother(...['control', 'treatment', 'neither'].map(edit));

const second = 'treatment-2';
const repeated = (sameId: boolean): Edit =>
  oneAfterAnother(
    copied({
      from: 'treatment',
      to: second,
      seconds: afterAll,
      otherUids: true,
      otherMarks: true,
      sameId,
      plan: (own) => ({ ...own, repeats: 'treatment' }),
    }),
    plannedArms((arms) =>
      arms.flatMap((arm) => (arm.name === 'treatment' ? [arm, { ...arm, name: second, repeats: 'treatment' }] : [arm])),
    ),
  );

/** The settings of the arm without protection, as an older recorder wrote them. */
const settingsOfNeither = {
  replicas: 3,
  maxSurge: 1,
  maxUnavailable: 0,
  readiness: false,
  preStopSeconds: 0,
  graceSeconds: 30,
  startDelayMs: 1500,
  drain: 'graceful',
  workMs: 0,
};

const otherProfile = { profile: digestOf({ proxyMode: 'ipvs' }) };

/** Recordings that were made in another run, cluster or lab, according to their own files. */
export const originDamages: Damages = {
  ...noticedBy('as-planned', {
    'a treatment of another run': armFileWith('treatment', () => ({ run: '20261101T000000Z-rolling-update-abcdef' })),
    'a control of another cluster': armFileWith('control', () => ({ cluster: 'another' })),
    'a treatment of another lab': armFileWith('treatment', () => otherProfile),
    'every arm of another lab': inAll((arm) => armFileWith(arm, () => otherProfile)),
    'an arm without protection of an older version of the experiment': armFileWith('neither', () => ({
      experiment: `rolling-update@${digestOf('before')}`,
    })),
    'an arm without the id of its run': armFileWith('control', () => ({ run: null })),
    'an arm of an older recorder among newer ones': inArm(
      'neither',
      lines(/^arm\.json$/, (all) => {
        const { lab: _, ...plan } = (JSON.parse(all.join('\n')) as ArmFile).plan;
        return [JSON.stringify({ ...plan, workload: settingsOfNeither })];
      }),
    ),
    'a copy of a treatment with its id': repeated(true),
  }),
  ...noticedBy('as-planned', {
    'another question in the plan than when the arms were recorded': replaced(
      /^plan\.json$/,
      '"question":"Does it?"',
      '"question":"Is it quick?"',
    ),
  }),
  ...noticedBy('arm-recorded', {
    'an arm.json of a later schema': inArm('control', replaced(/^arm\.json$/, 'holdfast.arm/3', 'holdfast.arm/9')),
    'an arm.json without a valid list of recorded data': armFileWith('control', () => ({ recorded: 'anything' })),
  }),
};

/** Recorders that did not write the data that they announced. */
export const recordedDamages: Damages = noticedBy('witnesses-agree', {
  'no sign of life, although its recorder writes them': withoutLines(/^events/, /"source":"watch","type":"alive"/),
});

/** Recorders that recorded less than today, or something unknown, and announce it. */
export const lessRecorded: Edits = {
  'no sign of life, from a recorder that does not write them': oneAfterAnother(
    withoutLines(/^events/, /"source":"watch","type":"alive"/),
    lines(/^arm\.json$/, (all) => all.map((text) => text.replace('"signs-of-life",', ''))),
  ),
  'an unknown kind of recorded data': lines(/^arm\.json$/, (all) =>
    all.map((text) => text.replace('"recorded":[', '"recorded":["what-comes-later",')),
  ),
};
