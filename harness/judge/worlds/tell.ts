import { seeded } from '../synthetic/random.ts';
import { type Lines, rates, recordAll } from './record.ts';
import { type Dice, stories } from './stories.ts';
import { type Sent, sendAll } from './traffic.ts';
import { rulesOf, slicesOf } from './world.ts';

export interface Telling {
  readonly story: string;
  readonly seed: number;
  readonly skewMs: number;
  readonly lateMs: number;
}

/** A recording of a story, and what truly was behind each of its requests. */
export interface Told {
  readonly files: Lines;
  readonly sent: readonly Sent[];
}

/** Tells a story: the same telling is always the same recording. */
export function tell({ story, seed, skewMs, lateMs }: Telling): Told {
  const random = seeded(seed);
  const dice: Dice = { random, between: (from, to) => from + random() * (to - from) };
  const build = stories[story];
  if (!build) throw new Error(`no story ${story}`);
  const world = build(dice);
  const slices = slicesOf(world);
  const sent = sendAll(world, rulesOf(slices, random), rates, random);
  return { files: recordAll(world, slices, sent, { skewMs, lateMs, random }), sent };
}
