import type { ArmFindings, ExperimentFindings } from '../../harness/model/finding.ts';
import type { RunPlan } from '../../harness/model/plan.ts';
import { arranged } from '../words/arrange.ts';
import { armPlan, sends } from '../words/plan.ts';
import { worstRuns } from '../words/repeats.ts';
import { type CloseupPod, endingPods, startingPods } from './closeup-pods.ts';
import { closeupRow } from './closeup-row.ts';
import { labelEdge, labelWidth, plotWidth } from './lanes/lane.ts';
import { tickLabel, ticks } from './lanes/scale.ts';
import { Markup, markup, nothing } from './markup/markup.ts';
import { shortNames } from './markup/names.ts';

interface Group {
  readonly arm: ArmFindings;
  readonly pods: readonly CloseupPod[];
}

const rowHeight = 26;
const titleHeight = 24;

/** The main proof of the page: whether each pod was routed to only while it listened. */
export function closeup(experiment: ExperimentFindings, index: number, plan: RunPlan): Markup {
  const arms = worstRuns(arranged(experiment.arms)).filter((arm) => sends(armPlan(plan, experiment.name, arm.name)));
  const ending = groups(arms, endingPods);
  const starting = groups(arms, startingPods);
  if (ending.length + starting.length === 0) return nothing;
  return markup`
<section id="close-up-${index}" class="close-up">
<h2>Close-up: routing and listening</h2>
<p>The upper bar shows when the client’s node routed connections to the pod. The lower bar shows when the pod listened. A connection that is routed outside the lower bar fails.</p>
${
  ending.length > 0
    ? markup`<h3>Terminated pods, aligned on SIGTERM</h3>${chart(ending, 'SIGTERM', 'Terminated pods: routed to and listening, aligned on SIGTERM.')}`
    : ''
}${
  starting.length > 0
    ? markup`<h3>New pods, aligned on the moment they listen</h3>${chart(starting, 'listens', 'New pods: routed to and listening, aligned on listening.')}`
    : ''
}
<div class="key">${key}</div>
</section>`;
}

const groups = (arms: readonly ArmFindings[], pods: (arm: ArmFindings) => CloseupPod[]): Group[] =>
  arms.map((arm) => ({ arm, pods: pods(arm) })).filter((group) => group.pods.length > 0);

function chart(list: readonly Group[], zeroName: string, name: string): Markup {
  const moments = list.flatMap(({ pods }) => pods.flatMap(({ from, to }) => [from, to]));
  const first = Math.min(0, ...moments) - 600;
  const last = Math.max(0, ...moments) + 600;
  const room = (last - first) * 0.12;
  const [low, high] = [first - room, last + room];
  const x = (ms: number) => ((Math.min(Math.max(ms, low), high) - low) / (high - low)) * plotWidth;
  let y = 26;
  const labels: Markup[] = [];
  const rows: Markup[] = [];
  for (const { arm, pods } of list) {
    const short = arm.story ? shortNames(arm.story).pod : (pod: string) => pod;
    labels.push(
      markup`<text x="${labelEdge}" y="${y + 15}" text-anchor="end" class="lane-title heavy">${arm.name}</text>`,
    );
    rows.push(markup`<text x="4" y="${y + 15}" class="note">${arm.says}</text>`);
    y += titleHeight;
    for (const pod of pods) {
      labels.push(
        markup`<text x="${labelEdge}" y="${y + 14}" text-anchor="end" class="mono">${short(pod.name)}</text>`,
      );
      rows.push(
        markup`<g transform="translate(0 ${y})"><path d="M0 ${rowHeight - 1}H${plotWidth}" class="hair"/>${closeupRow(pod, x)}</g>`,
      );
      y += rowHeight;
    }
    y += 6;
  }
  return markup`<div class="timeline still" data-zero="${x(0) / plotWidth}" style="--h:${y + 4}" tabindex="0" role="group" aria-label="${name}">
<svg class="labels" preserveAspectRatio="xMaxYMin slice" viewBox="0 0 ${labelWidth} ${y + 4}" aria-hidden="true"><text x="${labelEdge}" y="14" text-anchor="end" class="quiet">seconds</text>${labels}</svg>
<svg class="plot" viewBox="0 0 ${plotWidth} ${y + 4}" role="img" aria-label="${name}">${axis(low, high, x, zeroName, y)}${rows}</svg></div>`;
}

function axis(low: number, high: number, x: (ms: number) => number, zeroName: string, bottom: number): Markup {
  const marks = ticks(-low, high, 12).map((seconds) => {
    const at = x(seconds * 1000);
    const zero = seconds === 0;
    return markup`<path d="M${at} 20V${bottom}" class="${zero ? 'zero' : 'grid'}"/><text x="${at}" y="14" text-anchor="${at < 12 ? 'start' : 'middle'}" class="${zero ? 'strong' : 'quiet'}">${zero ? zeroName : tickLabel(seconds)}</text>`;
  });
  return markup`${marks}`;
}

const sample = (drawing: string): Markup =>
  new Markup(`<svg class="icon" width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">${drawing}</svg>`);

const key = markup`<span>${sample('<rect x="1" y="4" width="24" height="5" class="routed"/>')}routed to: from the first connection until the client’s node removed its rule, or until the last connection</span>
<span>${sample('<rect x="1" y="4" width="24" height="5" class="listens"/>')}listening</span>
<span>${sample('<path d="M1 6h24M1 3v6M25 3v6" class="spare"/>')}to spare</span>
<span>${sample('<rect x="1" y="0" width="24" height="12" class="missed"/>')}routed to, but not listening</span>`;
