import { type ArmJson, plannedArms, recordedPlan, recordedWith, withGuarantees } from './arm-json.ts';
import { afterAll, copied } from './copies.ts';
import { type Damages, type Edit, lines, noticedBy, noticedThough, oneAfterAnother, withoutFiles } from './edit.ts';
import { inArm } from './passing.ts';

const second = 'treatment-2';
const third = 'treatment-3';

const repeating =
  (arm: string) =>
  (own: ArmJson): ArmJson => ({ ...own, name: arm, repeats: 'treatment' });

/** A claim that needs two clean rollouts. */
const until = { confidence: 0.75, share: 0.5 };

/** Plans these runs of the treatment, and a claim that needs two clean ones. */
const claimed = (...runs: readonly string[]): Edit =>
  plannedArms(
    (arms) => [
      ...arms.flatMap((arm) => (arm.name === 'treatment' ? [arm, ...runs.map((run) => repeating(run)(arm))] : [arm])),
    ],
    { until },
  );

const copy = (to: string, how: Partial<Parameters<typeof copied>[0]> = {}): Edit =>
  copied({ from: 'treatment', to, plan: repeating(to), ...how });

/** A copy that looks as if it had been recorded separately. */
const honest = (to: string, seconds: number): Edit => copy(to, { seconds, otherUids: true, otherMarks: true });

/** A repeat with a loss that is allowed only in an arm without protection. */
const bad = (to: string, seconds: number): Edit => {
  return (files) => {
    const own = recordedPlan(files, 'treatment');
    return copied({
      from: 'neither',
      to,
      seconds,
      otherUids: true,
      otherMarks: true,
      plan: () => repeating(to)(own),
    })(files);
  };
};

const inconclusive = (arm: string): Edit =>
  inArm(
    arm,
    lines(/^requests-fresh/, (all) => all.slice(0, -1)),
  );

const listedTwice = plannedArms((arms) => arms.flatMap((arm) => (arm.name === 'treatment' ? [arm, arm] : [arm])), {
  until,
});

const oneTooFew = claimed(second);

/** Recordings that are counted more often than they were made, and repeats that were selected by their results. */
export const repeatDamages: Damages = {
  ...noticedBy('as-planned', {
    'a treatment that is listed twice': plannedArms((arms) =>
      arms.flatMap((arm) => (arm.name === 'treatment' ? [arm, arm] : [arm])),
    ),
    'a control that is listed twice': plannedArms((arms) =>
      arms.flatMap((arm) => (arm.name === 'control' ? [arm, arm] : [arm])),
    ),
    'an experiment that is listed twice': (files) => {
      const run = JSON.parse(files['plan.json']?.join('\n') ?? '') as { experiments: object[] };
      return {
        ...files,
        'plan.json': [JSON.stringify({ ...run, experiments: [...run.experiments, ...run.experiments] })],
      };
    },
    'a repeat with the settings of another arm': oneAfterAnother(honest(second, afterAll), (files) => {
      const change = (arm: ArmJson): ArmJson =>
        arm.name === second ? withGuarantees(arm, { preStopSeconds: 1 }) : arm;
      const all = oneAfterAnother(
        claimed(second),
        plannedArms((arms) => arms.map(change), { until }),
      )(files);
      return recordedWith(second, change)(all);
    }),
  }),
  ...noticedThough('as-planned', {
    'a claim that needs two runs, with one run listed twice': { bare: oneTooFew, coverUp: listedTwice },
    'a claim that needs two runs, with a copied folder': {
      bare: oneTooFew,
      coverUp: copy(second, { otherMarks: true }),
    },
    'a claim that needs two runs, with a copy with other UIDs': {
      bare: oneTooFew,
      coverUp: copy(second, { otherMarks: true, otherUids: true }),
    },
    'a claim that needs two runs, with a copy at another time': {
      bare: oneTooFew,
      coverUp: copy(second, { otherMarks: true, seconds: afterAll }),
    },
  }),
  ...noticedBy('claim-shown: treatment', {
    'a repeat that was recorded after an inconclusive one': oneAfterAnother(
      claimed(second, third),
      honest(second, afterAll),
      honest(third, 2 * afterAll),
      inconclusive(second),
    ),
  }),
  ...noticedThough('claim-shown: treatment', {
    'a bad run whose folder was removed': {
      bare: oneAfterAnother(claimed(second, third), bad(second, afterAll), honest(third, 2 * afterAll)),
      coverUp: withoutFiles(/^rolling-update\/treatment-2\//),
    },
    'a bad first run whose folder was removed': {
      bare: oneAfterAnother(
        claimed(second, third),
        honest(second, afterAll),
        honest(third, 2 * afterAll),
        inArm(
          'treatment',
          lines(/^requests-fresh/, (all) => all.slice(0, -1)),
        ),
      ),
      coverUp: withoutFiles(/^rolling-update\/treatment\//),
    },
  }),
};

const marked = (arm: string, as: string, mark = '\\w+'): Edit =>
  inArm(
    arm,
    lines(/^events/, (all) =>
      all.map((line) =>
        new RegExp(`"source":"phase","type":"${mark}"`).test(line)
          ? line.replace(/"subject":"[^"]*"/, `"subject":"${as}"`)
          : line,
      ),
    ),
  );

const renamedTo =
  (from: string, to: string): Edit =>
  (files) =>
    Object.fromEntries(Object.entries(files).map(([path, all]) => [path.replace(from, to), all]));

/** Moves the arm's recording out of the run, so that the arm has none. */
const elsewhere = (arm: string): Edit => renamedTo(`rolling-update/${arm}/`, `another-run/${arm}/`);

/** Moves it back, with the marks of another arm. */
const broughtBack = (arm: string, was: string): Edit =>
  oneAfterAnother(renamedTo(`another-run/${arm}/`, `rolling-update/${arm}/`), marked(arm, was));

/** Recordings of other arms and of other runs. */
export const otherArmDamages: Damages = {
  ...noticedBy('as-planned', {
    'marks of another arm': marked('treatment', 'neither'),
    'marks of a repeat': marked('treatment', second),
    'one mark of another arm': marked('treatment', 'control', 'tail'),
    'a deployment of another arm': marked('control', 'treatment', 'deploy'),
    'an end of another arm': marked('neither', 'treatment', 'undone'),
  }),
  ...noticedThough('as-planned', {
    'a missing treatment, replaced by that of another run': {
      bare: elsewhere('treatment'),
      coverUp: broughtBack('treatment', 'drained'),
    },
    'a missing control, replaced by that of another experiment': {
      bare: elsewhere('control'),
      coverUp: broughtBack('control', 'calm'),
    },
    'a missing arm without protection, replaced by a repeat': {
      bare: elsewhere('neither'),
      coverUp: broughtBack('neither', 'neither-2'),
    },
  }),
};
