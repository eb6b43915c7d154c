import type { ArmStory } from '../../../harness/model/finding.ts';
import { hairline, type Lane, laneLabel } from '../lane.ts';
import { type Markup, markup } from '../markup.ts';
import type { TimeScale } from '../scale.ts';

const base = 46;

/** Ready endpoints filled, terminating ones hatched on top. */
export function sliceLane(scale: TimeScale, story: ArmStory): Lane {
  const points = shown(story, scale);
  const top = Math.max(1, ...points.map(({ ready, terminating }) => ready + terminating));
  const unit = (base - 16) / top;
  const steps = points.flatMap((point, index) => {
    const x = scale.x(point.at);
    const next = points[index + 1];
    const width = scale.x(Math.min(next?.at ?? scale.end, scale.end)) - x;
    return width > 0 ? [step(x, width, point.ready * unit, point.terminating * unit)] : [];
  });
  const line = points
    .map(
      ({ at, ready }, index) =>
        `${index === 0 ? 'M0 ' : `H${scale.x(at).toFixed(1)}V`}${(base - ready * unit).toFixed(1)}`,
    )
    .join('');
  const least = Math.min(...points.map(({ ready }) => ready));
  return {
    height: 54,
    label: laneLabel('EndpointSlice', 'ready + terminating', 30),
    plot: markup`${steps}${hairline(scale, base)}${
      points.length > 0
        ? markup`<path d="${line}H${scale.x(scale.end)}" class="edge-line"/><text x="4" y="11" class="quiet">${`${points[0]?.ready ?? 0} ready, never fewer than ${least}`}</text>`
        : markup`<text x="4" y="26" class="quiet">not recorded</text>`
    }`,
  };
}

/** From the state at the start of the axis on: how the replicas first came up is not part of it. */
function shown({ readyEndpoints }: ArmStory, scale: TimeScale): ArmStory['readyEndpoints'] {
  const start = readyEndpoints.findLastIndex(({ at }) => at <= scale.from);
  return readyEndpoints.slice(Math.max(0, start)).filter(({ at }) => at < scale.end);
}

const step = (x: number, width: number, ready: number, terminating: number): Markup =>
  markup`<rect x="${x}" y="${base - ready}" width="${width}" height="${ready}" class="slice-area"/>${
    terminating > 0
      ? markup`<rect x="${x}" y="${base - ready - terminating}" width="${width}" height="${terminating}" class="slice-hatched"/>`
      : ''
  }`;
