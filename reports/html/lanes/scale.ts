import type { ArmFindings, ArmStory } from '../../../harness/model/finding.ts';
import { type Micros, type Ms, microsToMs, msToMicros } from '../../../harness/model/units.ts';

/** The time axis of a chart. Times outside it lie on its edge. */
export interface TimeScale {
  readonly from: Micros;
  readonly to: Micros;
  readonly zero: Micros;
  readonly width: number;
  /** The end of the recording. Spans without an end are drawn up to it. */
  readonly end: Micros;
  x(at: Micros): number;
}

/** The time range that all arms of an experiment show, relative to their zero. */
export interface Window {
  readonly before: Micros;
  readonly after: Micros;
}

/** The longest baseline and the longest time to the end of the tail, so that every arm fits on the same axis. */
export function sharedWindow(arms: readonly ArmFindings[]): Window {
  const stories = arms.flatMap(({ story }) => (story ? [story] : []));
  const before = Math.max(0, ...stories.map(({ zero, phases }) => zero - phases.baseline.from));
  const after = Math.max(msToMicros(1000), ...stories.map(({ zero, phases }) => phases.tail.to - zero));
  return { before, after };
}

export function timeScale(story: ArmStory, window: Window, width: number): TimeScale {
  const from = story.zero - window.before;
  const to = story.zero + window.after;
  return {
    from,
    to,
    zero: story.zero,
    width,
    end: Math.min(to, story.phases.tail.to),
    x: (at) => (Math.min(Math.max(at, from), to) - from) * (width / (to - from)),
  };
}

/** The position of the visible part of a span; undefined if no part is visible. */
export function placed(scale: TimeScale, span: { readonly from: Micros; readonly to?: Micros }) {
  const to = Math.min(span.to ?? scale.end, scale.end);
  if (to <= scale.from || span.from >= scale.to || to <= span.from) return undefined;
  const x = scale.x(span.from);
  return { x, width: Math.max(scale.x(to) - x, 0.5), cutAtStart: span.from < scale.from, open: span.to === undefined };
}

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];

/** Offsets of labelled ticks in seconds: multiples of a round step, at most `most` of them. */
export function ticks(beforeMs: Ms, afterMs: Ms, most: number): number[] {
  const span = (beforeMs + afterMs) / 1000;
  const step = steps.find((each) => span / each <= most) ?? 1800;
  const first = -Math.floor(beforeMs / 1000 / step + 1e-9);
  const last = Math.floor(afterMs / 1000 / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Math.round((first + index) * step * 10) / 10);
}

export const windowTicks = (window: Window, most: number): number[] =>
  ticks(microsToMs(window.before), microsToMs(window.after), most);

/** `0`, `+15`, `−5`. */
export const tickLabel = (seconds: number): string =>
  seconds === 0 ? '0' : `${seconds > 0 ? '+' : '−'}${Math.abs(seconds)}`;

/** The next round number at or above a value, for the top of an axis. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= value) ?? 10;
  return factor * power < 1 ? 1 : Math.ceil(factor * power);
}
