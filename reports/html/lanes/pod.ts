import type { Eviction, FailedRequest, PodLane, Span, Unscheduled } from '../../../harness/model/finding.ts';
import { occurred } from '../../words/cause.ts';
import { evictionAnswer } from '../../words/eviction.ts';
import { causeCounts, causeFamily } from '../markup/cause-mark.ts';
import { type Markup, markup, nothing } from '../markup/markup.ts';
import type { ShortNames } from '../markup/names.ts';
import { grantedMark, refusedMark } from './eviction.ts';
import { fitted, type Lane, labelEdge } from './lane.ts';
import { placed, type TimeScale } from './scale.ts';

/** What happened to one pod besides its own states. */
export interface PodMarks {
  readonly failures: readonly FailedRequest[];
  readonly evictions: readonly Eviction[];
  readonly unscheduled?: Unscheduled | undefined;
}

/**
 * From top to bottom: ticks of failed requests, the bar of Kubernetes’ states with the answers to evictions, the line
 * of the listening process, the strip of the EndpointSlice.
 */
export function podLane(scale: TimeScale, lane: PodLane, marks: PodMarks, short: ShortNames): Lane {
  return {
    height: 31,
    label: podLabel(lane, short),
    plot: markup`<path d="M0 30.5H${scale.width}" class="hair"/>${bar(scale, lane)}${listening(scale, lane)}${strip(scale, lane)}${evicted(scale, marks.evictions)}${waiting(scale, marks.unscheduled)}${ticks(scale, marks.failures)}`,
  };
}

const mono = 7;

/** The pod at the edge of the column, and its node on the left if there is enough room. */
function podLabel({ pod, node, bar }: PodLane, short: ShortNames): Markup {
  const name = fitted(short.pod(pod), 19);
  const on = short.node(node) || (bar.length > 0 ? 'no node' : '');
  const edge = labelEdge - Math.max(52, name.length * mono + 8);
  const nodeLabel =
    edge >= on.length * 6 ? markup`<text x="${edge}" y="20" text-anchor="end" class="quiet">${on}</text>` : '';
  return markup`${nodeLabel}<text x="${labelEdge}" y="20" text-anchor="end" class="mono">${name}</text>`;
}

const evicted = (scale: TimeScale, evictions: readonly Eviction[]): Markup =>
  markup`${evictions.map((each) => {
    if (each.at < scale.from || each.at > scale.to) return '';
    const answer = evictionAnswer(each);
    if (answer === 'allowed') return grantedMark(scale.x(each.at), top + tall / 2);
    return answer === 'refused' ? refusedMark(scale.x(each.at), top + tall / 2) : '';
  })}`;

const mostWords = 110;

/** Why the pod is Pending: the scheduler’s message, shortened if there is no room. */
function waiting(scale: TimeScale, unscheduled: Unscheduled | undefined): Markup {
  if (!unscheduled || unscheduled.at > scale.to) return nothing;
  const { reason } = unscheduled;
  const words = reason.length > mostWords ? `${reason.slice(0, mostWords).trimEnd()} …` : reason;
  const x = scale.x(unscheduled.at);
  const fits = x + words.length * 5.6 < scale.width;
  return markup`<text x="${fits ? x + 6 : scale.width - 4}" y="9" text-anchor="${fits ? 'start' : 'end'}" class="note halo">${words}</text>`;
}

const top = 11;
const tall = 9;

function bar(scale: TimeScale, lane: PodLane): Markup {
  const parts = lane.bar.map((span) => {
    if (span.state === 'terminating') return terminating(scale, span, lane.sigterm);
    const place = placed(scale, span);
    return place ? box(span.state, place.x, place.width) : '';
  });
  return markup`${parts}`;
}

function box(state: PodLane['bar'][number]['state'], x: number, width: number, y = top, height = tall): Markup {
  if (state === 'pending') {
    return markup`<path d="M${x} ${y + height / 2}h${width}M${x} ${y + 2}v${height - 4}" class="pending"/>`;
  }
  return markup`<rect x="${x}" y="${y}" width="${width}" height="${height}" class="bar-${state}"/>`;
}

/** Hatched until SIGTERM, empty after it, with a post when the pod was removed. */
function terminating(scale: TimeScale, span: Span, sigterm: number | undefined): Markup {
  const place = placed(scale, span);
  if (!place) return nothing;
  const end = place.x + place.width;
  const term = sigterm === undefined || sigterm > scale.end ? undefined : Math.max(scale.x(sigterm), place.x);
  return markup`<rect x="${place.x}" y="${top}" width="${(term ?? end) - place.x}" height="${tall}" class="bar-terminating"/>${
    term === undefined
      ? ''
      : markup`<rect x="${term}" y="${top}" width="${end - term}" height="${tall}" class="bar-stopping"/><path d="M${term} ${top - 1}l6 ${tall / 2 + 1}l-6 ${tall / 2 + 1}z" class="pennant"/>`
  }${span.to === undefined ? '' : markup`<path d="M${end} ${top - 2}v${tall + 4}" class="post"/>`}`;
}

const listening = (scale: TimeScale, lane: PodLane): Markup =>
  markup`${lane.listening.map((span) => {
    const place = placed(scale, span);
    return place ? markup`<rect x="${place.x}" y="21.5" width="${place.width}" height="2" class="listens"/>` : '';
  })}`;

const strip = (scale: TimeScale, lane: PodLane): Markup =>
  markup`${lane.endpoint.map((span) => {
    const place = placed(scale, span);
    if (!place || span.state === 'unready') return '';
    return span.state === 'ready'
      ? markup`<rect x="${place.x}" y="25" width="${place.width}" height="2.5" class="slice-ready"/>`
      : markup`<path d="M${place.x} 26.25h${place.width}" class="slice-terminating"/>`;
  })}`;

/** One tick per failed request, and the counts by cause after the last one. */
function ticks(scale: TimeScale, failures: readonly FailedRequest[]): Markup {
  const seen = failures.filter(({ request }) => request.start >= scale.from && request.start <= scale.to);
  const last = seen.at(-1);
  const first = seen[0];
  if (!first || !last) return nothing;
  const strokes = seen.map(
    ({ request, cause }) => markup`<path d="M${scale.x(request.start)} 1v8" class="tick cause-${causeFamily(cause)}"/>`,
  );
  const byCause: { [cause: string]: number } = {};
  for (const { cause } of seen) byCause[cause] = (byCause[cause] ?? 0) + 1;
  const counts = occurred(byCause).map((cause): [string, number] => [cause, byCause[cause] ?? 0]);
  const end = scale.x(last.request.start);
  const room = counts.length * 45;
  return markup`${strokes}${end + room > scale.width ? causeCounts(counts, scale.x(first.request.start) - 6, 5, 'end') : causeCounts(counts, end + 6, 5, 'start')}`;
}
