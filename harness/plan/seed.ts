import { createHash, randomBytes } from 'node:crypto';

/** A seed that is easy to type. */
export const newSeed = (): string => randomBytes(4).toString('hex');

/** A number in [0, 1) that depends only on the seed and the purpose, so that an additional draw does not change others. */
export const draw = (seed: string, purpose: string): number =>
  createHash('sha256').update(`${seed}/${purpose}`).digest().readUInt32BE(0) / 2 ** 32;

/** The items in an order drawn from the seed. */
export const shuffled = (seed: string, purpose: string, items: readonly string[]): string[] =>
  items
    .map((item) => ({ item, at: draw(seed, `${purpose}/${item}`) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
