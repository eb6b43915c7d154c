import type { Files } from '../worlds/files.ts';
import { type ArmJson, type Plain, plannedArms, recordedWith, replanned } from './arm-json.ts';
import {
  type Damages,
  type Edit,
  lines,
  noticedBy,
  oneAfterAnother,
  replaced,
  withoutFiles,
  withoutLines,
} from './edit.ts';
import { armOf, inArm } from './passing.ts';

const plan = /^plan\.json$/;
const armPlan = /arm\.json$/;

const arms = ['control', 'treatment', 'neither'] as const;

/** Changes the run's plan and the arm's own plan, so that they agree. */
export const planned = (arm: string, change: (arm: ArmJson) => ArmJson): Edit =>
  oneAfterAnother(
    plannedArms((arms) => arms.map((own) => (own.name === arm ? change(own) : own))),
    recordedWith(arm, change),
  );

const withoutArm = (arm: string): Edit =>
  oneAfterAnother(
    withoutFiles(new RegExp(`^rolling-update/${arm}/`)),
    plannedArms((arms) => arms.filter(({ name }) => name !== arm)),
  );

const swapped =
  (one: string, other: string): Edit =>
  (files) => {
    const [ones, others] = [one, other].map((arm) => armOf({ files }, arm));
    const at = (arm: string, own: Files = {}) =>
      Object.fromEntries(Object.entries(own).map(([path, all]) => [`rolling-update/${arm}/${path}`, all]));
    return { ...files, ...at(one, others), ...at(other, ones) };
  };

/** Damages of plans and of whole arms of a run. */
export const planDamages: Damages = {
  ...noticedBy('usage', {
    'no plan': withoutFiles(plan),
    'a plan that is no JSON': lines(plan, (all) => [all.join('').slice(0, -20)]),
    'a plan of another schema': replaced(plan, /holdfast\.plan\/\d/g, 'holdfast.plan/9'),
  }),
  ...noticedBy('experiment-valid', {
    'an experiment without arms': lines(plan, (all) => {
      const run = JSON.parse(all.join('\n')) as { experiments: Plain[] };
      return [JSON.stringify({ ...run, experiments: run.experiments.map((each) => ({ ...each, arms: [] })) })];
    }),
    ...Object.fromEntries(arms.map((arm) => [`no ${arm}`, withoutArm(arm)])),
  }),
  ...noticedBy('nothing was asked', {
    'no experiment': lines(plan, (all) => [
      JSON.stringify({ ...(JSON.parse(all.join('\n')) as Plain), experiments: [] }),
    ]),
  }),
  ...noticedBy('arm-recorded', {
    ...Object.fromEntries(
      arms.flatMap((arm) => [
        [`no recording of ${arm}`, withoutFiles(new RegExp(`^rolling-update/${arm}/`))],
        [`no arm.json of ${arm}`, withoutFiles(new RegExp(`^rolling-update/${arm}/arm.json`))],
      ]),
    ),
    'an arm.json that is no JSON': inArm(
      'treatment',
      lines(armPlan, (all) => [all.join('').slice(0, -20)]),
    ),
  }),
  ...noticedBy('recording-intact', {
    'an arm.json that expects something else': inArm(
      'neither',
      lines(armPlan, (all) => [
        replanned(all.join('\n'), (own) => ({ ...own, expect: { ...(own.expect as Plain), atLeast: 1 } })),
      ]),
    ),
    'a plan that expects less': lines(plan, (all) =>
      all.map((line) => line.replace(/"atLeast":\s*\d+/, '"atLeast":1')),
    ),
    'an arm of another namespace': inArm(
      'treatment',
      replaced(armPlan, /"namespace":\s*"[^"]*"/g, '"namespace":"other"'),
    ),
    'the treatment of the control': swapped('treatment', 'control'),
    'the treatment of the unprotected arm': swapped('treatment', 'neither'),
    'the control of the unprotected arm': swapped('control', 'neither'),
  }),
  ...noticedBy('nothing-disturbed', {
    'a treatment that never planned the fault': planned('treatment', (arm) => ({ ...arm, disruptions: [] })),
    'a treatment that never planned the fault, nor noted it': (files) =>
      inArm(
        'treatment',
        withoutLines(/^events/, /"source":"fault"/),
      )(planned('treatment', (arm) => ({ ...arm, disruptions: [] }))(files)),
  }),
  ...noticedBy('fault-landed: update', {
    'a treatment that planned another fault': planned('treatment', (arm) => ({
      ...arm,
      disruptions: (arm.disruptions as Plain[]).map((each) => ({ ...each, fault: { name: 'node-kill', params: {} } })),
    })),
  }),
  ...noticedBy('fault-landed: second', {
    'a treatment that planned a second fault': planned('treatment', (arm) => ({
      ...arm,
      disruptions: (arm.disruptions as Plain[]).flatMap((each) => [each, { ...each, id: 'second' }]),
    })),
  }),
  ...noticedBy('load-delivered', {
    'a treatment that planned other traffic': planned('treatment', (arm) => ({
      ...arm,
      traffic: { ...(arm.traffic as Plain), freshPerSecond: 500 },
    })),
  }),
  ...noticedBy('loss-as-expected', {
    'a treatment that planned no traffic': planned('treatment', (arm) => ({ ...arm, traffic: null })),
    'a treatment that planned none to send': (files) =>
      inArm(
        'treatment',
        withoutFiles(/^requests/),
      )(
        planned('treatment', (arm) => ({
          ...arm,
          traffic: { ...(arm.traffic as Plain), freshPerSecond: 0, keptAlivePerSecond: 0 },
        }))(files),
      ),
  }),
};
