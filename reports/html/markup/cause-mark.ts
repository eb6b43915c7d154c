import { type Cause, causeOrder } from '../../../harness/model/cause.ts';
import { causeName } from '../../words/cause.ts';
import { count } from '../../words/number.ts';
import { Markup, markup } from './markup.ts';

type Family = 'a' | 'b' | 'c' | 'd' | 'e';

interface CauseMark {
  readonly family: Family;
  /** SVG within −5 to 5. The shapes differ without colour. */
  readonly glyph: Markup;
  /** A pattern within the colour; plain if it is absent. */
  readonly texture?: Markup;
}

const stroke = (path: string): Markup => new Markup(`<path d="${path}" class="glyph-line"/>`);
const filled = (path: string): Markup => new Markup(`<path d="${path}" class="glyph-fill"/>`);

/**
 * Orange: too early. Red: no listener. Violet: interrupted. Teal: another component. Grey: not caused by the workload,
 * or unknown.
 */
const marks: Record<Cause, CauseMark> = {
  'not-listening-yet': { family: 'a', glyph: new Markup('<circle r="3" class="glyph-line"/>') },
  'crash-window': { family: 'a', glyph: stroke('M-3.5 3H3.5L0-3.5Z'), texture: stroke('M0 3H6') },
  'terminated-still-routed': {
    family: 'b',
    glyph: stroke('M-3-3L3 3M-3 3L3-3'),
    texture: stroke('M-1 7L7-1M-1 1L1-1M5 7L7 5'),
  },
  'no-endpoint': { family: 'b', glyph: stroke('M-4 0H4'), texture: stroke('M-1-1L7 7M-1 5L1 7M5-1L7 1') },
  'killed-in-flight': { family: 'c', glyph: filled('M0-4L4 0L0 4L-4 0Z') },
  'keep-alive-close-race': { family: 'c', glyph: stroke('M0-4L4 0L0 4L-4 0Z'), texture: stroke('M3 0V6') },
  'stale-conntrack': { family: 'd', glyph: filled('M-3.2-3.2H3.2V3.2H-3.2Z'), texture: stroke('M0 1H6M0 4H6') },
  'node-down': { family: 'd', glyph: filled('M-4 3H4V-1L0-4L-4-1Z'), texture: stroke('M0 3H6M3 0V6') },
  'lost-with-its-node': {
    family: 'c',
    glyph: stroke('M-4 3H4V-1L0-4L-4-1Z'),
    texture: stroke('M-1-1L7 7M-1 5L1 7M5-1L7 1'),
  },
  'response-lost': { family: 'c', glyph: stroke('M-4 0H3M0-3L3 0L0 3'), texture: stroke('M0 2H6M0 5H6') },
  overload: { family: 'd', glyph: stroke('M-3 4V0M0 4V-2M3 4V-4'), texture: stroke('M2 0V6M5 0V6M0 2H6') },
  'dns-failure': { family: 'e', glyph: stroke('M-2.5-2A2.5 2.5 0 1 1 0 1V2M0 4V4.5'), texture: stroke('M0 1H6M0 4H6') },
  'http-error': { family: 'd', glyph: stroke('M-3-3H3V3H-3Z'), texture: stroke('M1 0V6M4 0V6') },
  'generator-fault': { family: 'e', glyph: stroke('M-3.5-3H3.5L0 3.5Z'), texture: stroke('M0 3H6M3 0V6') },
  unattributed: { family: 'e', glyph: stroke('M0-4V4M-3.5-2L3.5 2M-3.5 2L3.5-2') },
};

const isKnown = (cause: string): cause is Cause => Object.hasOwn(marks, cause);
const known = (cause: string): Cause => (isKnown(cause) ? cause : 'unattributed');

export const causeFamily = (cause: string): Family => marks[known(cause)].family;

/** The fill of a bar. */
export const causeFill = (cause: string): string =>
  marks[known(cause)].texture ? `var(--bar-${known(cause)},url(#bar-${known(cause)}))` : `var(--${causeFamily(cause)})`;

/** The glyph, centred on the origin, for use within a chart. */
const causeGlyph = (cause: string): Markup =>
  markup`<g class="cause-${causeFamily(cause)}">${marks[known(cause)].glyph}</g>`;

/** The glyph in running text. */
export const causeIcon = (cause: string): Markup =>
  markup`<svg class="icon" width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">${causeGlyph(cause)}</svg>`;

/** Glyph and count of each cause, side by side from `x` on. */
export function causeCounts(
  counts: readonly (readonly [string, number])[],
  x: number,
  y: number,
  anchor: 'start' | 'end',
) {
  const widths = counts.map(([, many]) => 20 + count(many).length * 7);
  const total = widths.reduce((sum, each) => sum + each, 0);
  let at = anchor === 'start' ? x : x - total;
  const parts = counts.map(([cause, many], index) => {
    const place = at;
    at += widths[index] ?? 0;
    return markup`<g transform="translate(${place + 5} ${y})">${causeGlyph(cause)}<text x="8" y="4" class="strong">${count(many)}</text></g>`;
  });
  return markup`<g class="counts" data-x="${x}">${parts}</g>`;
}

/** The meanings of the glyphs, for the key of a chart. */
export const causeKey = (shown: readonly string[]): Markup =>
  markup`${shown.map((cause) => markup`<span>${causeIcon(cause)}${causeName(cause)}</span>`)}`;

/** The patterns of the bars, defined once per page. */
export const causeTextures: Markup = markup`${causeOrder.map((cause) => {
  const { texture, family } = marks[cause];
  return texture
    ? markup`<pattern id="bar-${cause}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="var(--${family})"/><g class="texture">${texture}</g></pattern>`
    : '';
})}`;
