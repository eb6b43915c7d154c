import type { ArmStory, Eviction } from '../../../harness/model/finding.ts';
import { evictionAnswer } from '../../words/eviction.ts';
import { count, counted } from '../../words/number.ts';
import { type Markup, markup } from '../markup/markup.ts';
import { hairline, type Lane, laneLabel } from './lane.ts';
import type { TimeScale } from './scale.ts';

const rows = { allowed: 9, refused: 23 } as const;

/** The Eviction API’s answers: allowed above refused. Answers that would overlap share a mark with their number. */
export function evictionLane(scale: TimeScale, story: ArmStory): Lane {
  const of = (answer: keyof typeof rows) =>
    story.evictions.filter((each) => evictionAnswer(each) === answer && each.at >= scale.from && each.at <= scale.to);
  const [allowed, refused] = [of('allowed'), of('refused')];
  return {
    height: 34,
    label: laneLabel(`${counted(allowed.length, 'eviction')} allowed`, `${count(refused.length)} refused`, 13),
    plot: markup`${hairline(scale, 33.5)}${clusters(scale, allowed).map(({ x, many }) => numbered(grantedMark(x, rows.allowed), x, rows.allowed, many))}${clusters(
      scale,
      refused,
    ).map(({ x, many }) => numbered(refusedMark(x, rows.refused), x, rows.refused, many))}`,
  };
}

const numbered = (mark: Markup, x: number, y: number, many: number): Markup =>
  many === 1 ? mark : markup`${mark}<text x="${x + 7}" y="${y + 4}" class="strong">${count(many)}</text>`;

/** A disc means allowed. */
export const grantedMark = (x: number, y: number): Markup =>
  markup`<circle cx="${x}" cy="${y}" r="3.5" class="granted"/>`;

/** A crossed ring means refused. */
export const refusedMark = (x: number, y: number): Markup =>
  markup`<g class="mark refused"><circle cx="${x}" cy="${y}" r="3.5"/><path d="M${x - 3.5} ${y + 3.5}l7-7"/></g>`;

const leastDistance = 24;

function clusters(scale: TimeScale, answers: readonly Eviction[]) {
  const found: { x: number; many: number }[] = [];
  for (const { at } of answers) {
    const x = scale.x(at);
    const last = found.at(-1);
    if (last && x - last.x < leastDistance) last.many += 1;
    else found.push({ x, many: 1 });
  }
  return found;
}
