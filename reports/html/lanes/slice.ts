import type { ArmStory } from '../../../harness/model/finding.ts';
import { markup } from '../markup/markup.ts';
import { hairline, type Lane, laneLabel } from './lane.ts';
import type { TimeScale } from './scale.ts';
import { stepLine } from './step-line.ts';

const base = 46;
const top = 16;

/** Ready endpoints filled, terminating ones hatched on top. A dashed line shows the required number, if there is one. */
export function sliceLane(scale: TimeScale, story: ArmStory, demanded: number | undefined): Lane {
  const points = shown(story, scale);
  const label = laneLabel('EndpointSlice', 'ready + terminating', 30);
  if (points.length === 0) {
    return { height: 54, label, plot: markup`<text x="4" y="30" class="quiet">not recorded</text>` };
  }
  const most = Math.max(1, demanded ?? 0, ...points.map(({ ready, terminating }) => ready + terminating));
  const y = (endpoints: number) => base - (endpoints / most) * (base - top);
  const line = (of: (point: (typeof points)[number]) => number) =>
    stepLine(
      scale,
      points.map((point) => [point.at, y(of(point))] as const),
    );
  const ready = line((point) => point.ready);
  const all = line((point) => point.ready + point.terminating);
  const least = Math.min(...points.map((point) => point.ready));
  const start = scale.x(points[0]?.at ?? scale.from);
  const words = `${points[0]?.ready ?? 0} ready, never fewer than ${least}${demanded === undefined ? '' : `; ${demanded} required`}`;
  return {
    height: 54,
    label,
    plot: markup`<path d="${all}V${base}H${start}Z" class="slice-hatched"/><path d="${ready}V${base}H${start}Z" class="slice-area"/><path d="${ready}" class="edge-line"/>${
      demanded === undefined ? '' : markup`<path d="M0 ${y(demanded)}H${scale.x(scale.end)}" class="desired"/>`
    }${hairline(scale, base)}<text x="4" y="11" class="${demanded !== undefined && least < demanded ? 'missed-text' : 'quiet'}">${words}</text>`,
  };
}

/** The states from the start of the axis on, without the start of the first replicas. */
function shown({ readyEndpoints }: ArmStory, scale: TimeScale): ArmStory['readyEndpoints'] {
  const start = readyEndpoints.findLastIndex(({ at }) => at <= scale.from);
  return readyEndpoints.slice(Math.max(0, start)).filter(({ at }) => at < scale.end);
}
