import { type Markup, markup, nothing, type Part } from '../markup/markup.ts';
import type { TimeScale } from './scale.ts';

/** One strip of a chart: a label on the left and a plot on the shared axis. Its top is 0. */
export interface Lane {
  readonly height: number;
  readonly label: Markup;
  readonly plot: Markup;
}

export const labelWidth = 150;
export const plotWidth = 1090;

/** Labels end here, left of the plot. */
export const labelEdge = labelWidth - 12;

/** A name, shortened to the width of the label column. */
export const fitted = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name;

export const laneLabel = (title: Part, sub: Part = '', y = 14): Markup =>
  markup`<text x="${labelEdge}" y="${y}" text-anchor="end" class="lane-title">${title}</text>${
    sub ? markup`<text x="${labelEdge}" y="${y + 13}" text-anchor="end" class="quiet">${sub}</text>` : ''
  }`;

export const headingLane = (title: string): Lane => ({
  height: 20,
  label: markup`<text x="${labelEdge}" y="15" text-anchor="end" class="lane-title heavy">${title}</text>`,
  plot: nothing,
});

export const hairline = (scale: TimeScale, y: number): Markup =>
  markup`<path d="M0 ${y}H${scale.width}" class="hair"/>`;

export interface Stack {
  readonly height: number;
  readonly labels: Markup;
  readonly plot: Markup;
}

/** Stacks lanes vertically. */
export function stacked(lanes: readonly Lane[]): Stack {
  let height = 0;
  const labels: Part[] = [];
  const plots: Part[] = [];
  for (const lane of lanes) {
    if (lane.label !== nothing) labels.push(markup`<g transform="translate(0 ${height})">${lane.label}</g>`);
    plots.push(markup`<g transform="translate(0 ${height})">${lane.plot}</g>`);
    height += lane.height;
  }
  return { height, labels: markup`${labels}`, plot: markup`${plots}` };
}
