import type { Files } from './files.ts';
import { lookAlikes } from './look-alikes.ts';
import { seeded } from './random.ts';
import { planOf, recordAll } from './record.ts';
import { type Dice, type Story, stories } from './stories.ts';
import { type Sent, sendAll } from './traffic.ts';
import { type Recorders, rulesOf, type Span, slicesOf, type World } from './world.ts';

export interface Telling {
  readonly story: string;
  readonly seed: number;
  readonly skewMs: number;
  readonly lateMs: number;
  /** The largest delay with which conntrack reads events. By default, none. */
  readonly readLateMs?: number;
  readonly heldUp?: Span | undefined;
}

/** A recording of a story, and the requests with their true causes. */
export interface Told {
  readonly files: Files;
  readonly sent: readonly Sent[];
}

/** Records a story of the catalogue. The result depends only on the arguments. */
export function tell({ story, ...telling }: Telling): Told {
  const found = stories[story] ?? lookAlikes[story];
  if (!found) throw new Error(`no story ${story}`);
  return tellStory(found, telling);
}

export function tellStory(
  story: Story,
  { seed, skewMs, lateMs, readLateMs = 0, heldUp }: Omit<Telling, 'story'>,
): Told {
  const dice = diceOf(seed);
  return recordingOf(story(dice), { skewMs, lateMs, readLateMs, heldUp, random: dice.random });
}

/** Random choices that depend only on the seed. */
export function diceOf(seed: number): Dice {
  const random = seeded(seed);
  return { random, between: (from, to) => from + random() * (to - from) };
}

/** Simulates the traffic and any additional requests, and records them. */
export function recordingOf(world: World, recorders: Recorders, more: readonly Sent[] = []): Told {
  const slices = slicesOf(world);
  const rules = world.rules ?? rulesOf(slices, recorders.random);
  const { traffic } = planOf(world);
  const sent = [...(traffic ? sendAll(world, rules, traffic, recorders.random) : []), ...more];
  return { files: recordAll(world, { slices, rules, sent }, recorders), sent };
}
