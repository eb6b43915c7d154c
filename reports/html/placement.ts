import type { ArmFindings, ArmStory } from '../../harness/model/finding.ts';
import { counted } from '../words/number.ts';
import { type Markup, markup } from './markup/markup.ts';
import { shortNames } from './markup/names.ts';

const width = 229;
const row = 20;
const nameWidth = 92;
const box = 16;
/** If a row has no room for all replicas, their number is printed. */
const most = 7;

/** The figure of an arm that sends no requests: how many nodes its replicas run on. */
export const placementFigure = ({ placement }: ArmStory): Markup => {
  const replicas = placement.reduce((sum, { pods }) => sum + pods.length, 0);
  return markup`<p class="figure">${placement.length}<span class="of">${placement.length === 1 ? 'node' : 'nodes'} for ${counted(replicas, 'replica')}</span></p>`;
};

/** One row per node with a box for each replica, and a row for the replicas without a node. */
export function placementChart(
  arm: ArmFindings,
  story: ArmStory,
  { waitingRow }: { readonly waitingRow: boolean },
): Markup {
  const short = shortNames(story);
  const on = new Map(story.placement.map(({ node, pods }) => [node, pods.length]));
  const nodes = [...new Set([...story.nodes.map(({ node }) => node), ...on.keys()])].sort();
  const waiting = unplaced(story);
  const rows = [
    ...nodes.map((node, index) => line(index, short.node(node), on.get(node) ?? 0, 'bar-ready')),
    ...(waitingRow ? [line(nodes.length, 'no node', waiting.length, 'waiting')] : []),
  ];
  return markup`<svg class="small-multiple" viewBox="0 0 ${width} ${rows.length * row + 4}" role="img" aria-label="${`${arm.name}: ${arm.measured}${waiting.length > 0 ? `; ${waiting.length} not scheduled` : ''}.`}">${rows}</svg>`;
}

/** Pods that never got a node. */
export const unplaced = ({ unscheduled, pods }: ArmStory): string[] =>
  [...new Set(unscheduled.map(({ pod }) => pod))].filter((name) =>
    pods.every(({ pod, node }) => pod !== name || node === ''),
  );

function line(index: number, name: string, many: number, state: string): Markup {
  const y = index * row;
  const boxes = Array.from(
    { length: Math.min(many, most) },
    (_, at) =>
      markup`<rect x="${nameWidth + at * (box + 3)}" y="${y + 5}" width="${box}" height="10" class="${state}"/>`,
  );
  return markup`<path d="M0 ${y + row - 0.5}H${width}" class="hair"/><text x="0" y="${y + 14}" class="${many > 0 ? '' : 'quiet'}">${name}</text>${boxes}${
    many > most ? markup`<text x="${width}" y="${y + 14}" text-anchor="end" class="strong">${many}</text>` : ''
  }`;
}
