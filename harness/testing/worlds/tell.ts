import { seeded } from '../synthetic/random.ts';
import { lookAlikes } from './look-alikes.ts';
import { type Lines, rates, recordAll } from './record.ts';
import { type Dice, type Story, stories } from './stories.ts';
import { type Sent, sendAll } from './traffic.ts';
import { rulesOf, type Span, slicesOf } from './world.ts';

export interface Telling {
  readonly story: string;
  readonly seed: number;
  readonly skewMs: number;
  readonly lateMs: number;
  /** Absent: at once. */
  readonly readLateMs?: number;
  readonly heldUp?: Span | undefined;
}

/** A recording of a story, and what truly was behind each of its requests. */
export interface Told {
  readonly files: Lines;
  readonly sent: readonly Sent[];
}

/** Tells a story of the catalogue: the same telling is always the same recording. */
export function tell({ story, ...telling }: Telling): Told {
  const found = stories[story] ?? lookAlikes[story];
  if (!found) throw new Error(`no story ${story}`);
  return tellStory(found, telling);
}

export function tellStory(
  story: Story,
  { seed, skewMs, lateMs, readLateMs = 0, heldUp }: Omit<Telling, 'story'>,
): Told {
  const random = seeded(seed);
  const dice: Dice = { random, between: (from, to) => from + random() * (to - from) };
  const world = story(dice);
  const slices = slicesOf(world);
  const rules = rulesOf(slices, random);
  const sent = sendAll(world, rules, rates, random);
  return { files: recordAll(world, { slices, rules, sent }, { skewMs, lateMs, readLateMs, heldUp, random }), sent };
}
