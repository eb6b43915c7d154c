import { occurred } from '../words/cause.ts';
import { exactSeconds } from '../words/number.ts';
import type { CloseupPod } from './closeup-pods.ts';
import { causeCounts, causeFamily } from './markup/cause-mark.ts';
import { type Markup, markup, nothing } from './markup/markup.ts';

type Place = (ms: number) => number;

/** The bar “routed to” above the bar “listening”, and the margin between their ends. */
export function closeupRow(pod: CloseupPod, x: Place): Markup {
  const routed = pod.routed && span(x, pod.routed, 5, 'routed');
  const listening = pod.listening.map((each) => span(x, each, 14, 'listens'));
  return markup`${spare(pod, x)}${missed(pod, x)}${routed ?? ''}${listening}`;
}

const span = (x: Place, { from, to }: { from: number; to: number }, y: number, name: string): Markup => {
  const width = x(to) - x(from);
  return width > 0 ? markup`<rect x="${x(from)}" y="${y}" width="${width}" height="5" class="${name}"/>` : nothing;
};

/** The ends of the two compared bars (or their starts): of the route and of the listener. */
function edges(pod: CloseupPod): { route: number; listener: number } | undefined {
  if (!pod.routed || pod.marginMs === undefined) return undefined;
  const { marginMs } = pod;
  if (pod.side === 'ending') return { route: pod.routed.to, listener: pod.routed.to + marginMs };
  return { route: pod.routed.from, listener: pod.routed.from - marginMs };
}

function spare(pod: CloseupPod, x: Place): Markup {
  const between = edges(pod);
  if (!between || pod.marginMs === undefined || pod.marginMs < 0) return nothing;
  const [from, to] = [x(Math.min(between.route, between.listener)), x(Math.max(between.route, between.listener))];
  const words = `${exactSeconds(pod.marginMs)} to spare`;
  const inside = to - from > 130;
  const text = inside
    ? markup`<text x="${(from + to) / 2}" y="11.5" text-anchor="middle" class="spare-text halo">${words}</text>`
    : pod.side === 'ending'
      ? markup`<text x="${to + 8}" y="11.5" class="spare-text halo">${words}</text>`
      : markup`<text x="${from - 8}" y="11.5" text-anchor="end" class="spare-text halo">${words}</text>`;
  return markup`<path d="M${from} 7.5H${to}M${from} 4v7M${to} 4v7" class="spare"/>${text}`;
}

function missed(pod: CloseupPod, x: Place): Markup {
  const between = edges(pod);
  const ticks = pod.failures.map(
    ({ at, cause }) => markup`<path d="M${x(at)} 2V22" class="tick cause-${causeFamily(cause)}"/>`,
  );
  if (!between || pod.marginMs === undefined || pod.marginMs >= 0) return markup`${ticks}`;
  const [from, to] = [x(Math.min(between.route, between.listener)), x(Math.max(between.route, between.listener))];
  const words = `${exactSeconds(pod.marginMs)} too ${pod.side === 'ending' ? 'late' : 'early'}`;
  const byCause: { [cause: string]: number } = {};
  for (const { cause } of pod.failures) byCause[cause] = (byCause[cause] ?? 0) + 1;
  const counts = occurred(byCause).map((cause): [string, number] => [cause, byCause[cause] ?? 0]);
  const labels =
    pod.side === 'ending'
      ? markup`<text x="${to + 8}" y="15.5" class="missed-text">${words}</text>${causeCounts(counts, to + 108, 12, 'start')}`
      : markup`<text x="${from - 8}" y="15.5" text-anchor="end" class="missed-text">${words}</text>${causeCounts(counts, from - 108, 12, 'end')}`;
  return markup`<rect x="${from}" y="1" width="${to - from}" height="22" class="missed"/>${ticks}${labels}`;
}
