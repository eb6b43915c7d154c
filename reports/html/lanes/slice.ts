import type { ArmStory } from '../../../harness/model/finding.ts';
import { hairline, type Lane, laneLabel } from '../lane.ts';
import { markup } from '../markup.ts';
import type { TimeScale } from '../scale.ts';

const base = 46;

/** Ready endpoints filled, terminating ones hatched on top. */
export function sliceLane(scale: TimeScale, story: ArmStory): Lane {
  const points = shown(story, scale);
  const label = laneLabel('EndpointSlice', 'ready + terminating', 30);
  if (points.length === 0) {
    return { height: 54, label, plot: markup`<text x="4" y="30" class="quiet">not recorded</text>` };
  }
  const top = Math.max(1, ...points.map(({ ready, terminating }) => ready + terminating));
  const end = scale.x(scale.end).toFixed(1);
  const line = (heights: readonly number[]) =>
    points
      .map(({ at }, index) => {
        const y = (base - ((heights[index] ?? 0) / top) * (base - 16)).toFixed(1);
        return index === 0 ? `M0 ${y}` : `H${scale.x(at).toFixed(1)}V${y}`;
      })
      .join('');
  const ready = line(points.map((point) => point.ready));
  const all = line(points.map((point) => point.ready + point.terminating));
  const least = Math.min(...points.map((point) => point.ready));
  return {
    height: 54,
    label,
    plot: markup`<path d="${all}H${end}V${base}H0Z" class="slice-hatched"/><path d="${ready}H${end}V${base}H0Z" class="slice-area"/><path d="${ready}H${end}" class="edge-line"/>${hairline(scale, base)}<text x="4" y="11" class="quiet">${`${points[0]?.ready ?? 0} ready, never fewer than ${least}`}</text>`,
  };
}

/** From the state at the start of the axis on: how the replicas first came up is not part of it. */
function shown({ readyEndpoints }: ArmStory, scale: TimeScale): ArmStory['readyEndpoints'] {
  const start = readyEndpoints.findLastIndex(({ at }) => at <= scale.from);
  return readyEndpoints.slice(Math.max(0, start)).filter(({ at }) => at < scale.end);
}
