import type { Files } from '../worlds/files.ts';
import { armPlanWith, eventsWith, marksAt, refusedIn } from './by-hand.ts';
import { type Damages, type Edit, lines, noticedBy, noticedThough, oneAfterAnother, phaseStart } from './edit.ts';

const second = 1_000_000;

const at = (phase: string, moment: (files: Files) => number): Edit => marksAt((files) => ({ [phase]: moment(files) }));

/** The warm-up lasts until the tail. The other phases share the time of the tail. */
const allIsWarmup = marksAt((files) => {
  const [from, to] = [phaseStart(files, 'tail'), phaseStart(files, 'end')];
  const third = Math.floor((to - from) / 3);
  return { baseline: from, fault: from + third, tail: from + 2 * third };
});

/** Moves the fault's events to the changed fault phase. */
const notesFollow: Edit = eventsWith((event, files) => {
  if (event.source !== 'fault') return event;
  const order = ['intent', 'injected', 'landed', 'healed'].indexOf(event.type);
  return { ...event, at: phaseStart(files, 'fault') + 20_000 * (order + 1) };
});

const shortPlan = armPlanWith((plan) => ({
  ...plan,
  phases: { warmupMs: 100, baselineMs: 500, quietMs: 500, tailMs: 500 },
}));

/** Phases that contradict the plan, each other, or the injection. */
export const phaseDamages: Damages = {
  ...noticedBy('as-planned', {
    'a baseline of 10 ms': at('baseline', (files) => phaseStart(files, 'fault') - 10_000),
    'no tail': at('end', (files) => phaseStart(files, 'tail') + 1000),
    'an injection that came before the fault phase': at('fault', (files) => phaseStart(files, 'fault') + 600_000),
    'an injection that came in the tail': at('tail', (files) => phaseStart(files, 'fault') + 1000),
    'a tail that began before the fault was seen to land': at(
      'tail',
      (files) => phaseStart(files, 'tail') - 2 * second,
    ),
    'marks out of order': marksAt((files) => ({
      warmup: phaseStart(files, 'baseline'),
      baseline: phaseStart(files, 'warmup'),
    })),
    'two marks of the baseline': lines(/^events/, (all) =>
      all.flatMap((line) => {
        if (!line.includes('"phase","type":"baseline"')) return [line];
        const event = JSON.parse(line) as { at: number };
        return [line, JSON.stringify({ ...event, at: event.at + 10 })];
      }),
    ),
  }),
  ...noticedThough('as-planned', {
    'failures in the baseline, which begins after them': {
      bare: refusedIn('baseline', 0, 1400),
      coverUp: at('baseline', (files) => phaseStart(files, 'baseline') + 1.5 * second),
    },
    'failures in the tail, which ends before them': {
      bare: refusedIn('tail', 1000, 6000),
      coverUp: at('end', (files) => phaseStart(files, 'tail') + 0.9 * second),
    },
    'a rollout that lost requests, and is called warm-up': {
      bare: refusedIn('fault', 0, 4000),
      coverUp: allIsWarmup,
    },
    'a rollout that lost requests, and is called warm-up, also by its own notes': {
      bare: refusedIn('fault', 0, 4000),
      coverUp: oneAfterAnother(allIsWarmup, notesFollow),
    },
    'a rollout that lost requests, and is called warm-up by notes and a plan of short phases': {
      bare: refusedIn('fault', 0, 4000),
      coverUp: oneAfterAnother(allIsWarmup, notesFollow, shortPlan),
    },
  }),
};
