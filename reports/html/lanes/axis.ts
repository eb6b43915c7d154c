import { markup } from '../markup/markup.ts';
import type { Lane } from './lane.ts';
import { labelEdge } from './lane.ts';
import { type TimeScale, tickLabel, type Window, windowTicks } from './scale.ts';

/** Seconds from zero. Those of class `fine` appear in the zoomed chart. `grid` draws the lines through all lanes. */
export function axisLane(scale: TimeScale, window: Window, edge: 'top' | 'bottom'): Lane {
  const seconds = windowTicks(window, 16);
  const text = edge === 'top' ? 12 : 14;
  const fine = windowTicks(window, 400).filter((each) => Number.isInteger(each) && !seconds.includes(each));
  const label = (each: number, name: string) => {
    const x = scale.x(scale.zero + each * 1e6);
    const anchor = x > scale.width - 18 ? 'end' : x < 12 ? 'start' : 'middle';
    return markup`<text x="${x}" y="${text}" text-anchor="${anchor}" class="${name}">${tickLabel(each)}</text>`;
  };
  return {
    height: 20,
    label: markup`<text x="${labelEdge}" y="${text}" text-anchor="end" class="quiet">seconds</text>`,
    plot: markup`${fine.map((each) => label(each, 'quiet fine'))}${seconds.map((each) => label(each, each === 0 ? 'strong' : 'quiet'))}`,
  };
}

/** Vertical lines through the whole chart: one per tick, and a darker one at zero. */
export function grid(scale: TimeScale, window: Window, top: number, bottom: number) {
  const lines = windowTicks(window, 16).map((each) => {
    const x = scale.x(scale.zero + each * 1e6);
    return markup`<path d="M${x} ${top}V${bottom}" class="${each === 0 ? 'zero' : 'grid'}"/>`;
  });
  return markup`${lines}`;
}
