import type { ArmFindings, ArmStory, ExperimentFindings } from '../../harness/model/finding.ts';
import { arranged } from '../words/arrange.ts';
import { occurred } from '../words/cause.ts';
import { count, counted } from '../words/number.ts';
import { outcome } from '../words/outcome.ts';
import { causeKey } from './cause-mark.ts';
import { happenings } from './happenings.ts';
import { type Lane, labelEdge, labelWidth, plotWidth, stacked } from './lane.ts';
import { answeredLane } from './lanes/answered.ts';
import { axisLane, grid } from './lanes/axis.ts';
import { bands, disruptionLane } from './lanes/disruption.ts';
import { failedLane, failedTop } from './lanes/failed.ts';
import { nodeLanes } from './lanes/node.ts';
import { podLane } from './lanes/pod.ts';
import { sliceLane } from './lanes/slice.ts';
import { dataBlock, Markup, markup, nothing } from './markup.ts';
import { shortNames } from './names.ts';
import { inOrder } from './pod-order.ts';
import { sharedWindow, timeScale, type Window } from './scale.ts';
import { laneKey } from './timeline-key.ts';

/** One chart an arm, switched by radio buttons; every lane of a chart lies on the same axis. */
export function timeline(experiment: ExperimentFindings, index: number): Markup {
  const arms = arranged(experiment.arms);
  if (!arms.some(({ story }) => story)) return nothing;
  const window = sharedWindow(arms);
  const top = failedTop(arms.flatMap(({ story }) => (story ? [story] : [])));
  const open = firstOpen(arms);
  const id = (arm: ArmFindings) => `t${index}-${arms.indexOf(arm)}`;
  const causes = occurred(Object.assign({}, ...arms.map(({ requests }) => requests.byCause)));
  return markup`
<section id="timeline-${index}">
<h2>Timeline: ${experiment.name}</h2>
<p>All lanes share one axis; zero is the first injection, or the start of the fault phase where there is none. Under each pod’s bar, what its process and the EndpointSlice said; above it, the requests that failed there. Where these three disagree, requests fail.</p>
<fieldset class="switch"><legend class="hidden">Arm</legend>
${arms.map((arm) => markup`<input type="radio" name="t${index}" id="${id(arm)}"${arm === open ? new Markup(' checked') : ''}>`)}
<div class="segments">${arms.map((arm) => markup`<label for="${id(arm)}">${arm.name} <span class="many">${count(arm.requests.failed)} failed</span></label>`)}</div>
${arms.map((arm) => markup`<div class="panel" data-for="${id(arm)}"><h3 class="print-only">${arm.name}: ${outcome(arm).word}</h3>${panel(arm, window, top)}</div>`)}
</fieldset>
<div class="key">${laneKey}</div>
<div class="key">${causeKey(causes)}</div>
<style>${new Markup(arms.map((arm) => switchRules(id(arm))).join(''))}</style>
</section>`;
}

const switchRules = (id: string): string =>
  `#${id}:checked~[data-for=${id}]{display:block}#${id}:checked~.segments label[for=${id}]{background:var(--ink);color:var(--bg)}#${id}:focus-visible~.segments label[for=${id}]{outline:2px solid var(--ink);outline-offset:2px}`;

/** The one to look at first: what failed, else the unprotected arm with the smallest loss. */
function firstOpen(arms: readonly ArmFindings[]): ArmFindings | undefined {
  const withStory = arms.filter(({ story }) => story);
  return (
    withStory.find(({ verdict }) => verdict === 'fail' || verdict === 'error') ??
    withStory.find(({ role, requests }) => role === 'unprotected' && requests.failed > 0) ??
    withStory[0]
  );
}

function panel(arm: ArmFindings, window: Window, top: number): Markup {
  const { story } = arm;
  if (!story) return markup`<p class="empty">Nothing was recorded in this arm. ${arm.measured}.</p>`;
  const scale = timeScale(story, window, plotWidth);
  const { height, labels, plot } = stacked(lanes(arm, story, window, top));
  const name = `Timeline of ${arm.name}: ${counted(arm.requests.failed, 'failed request')} of ${count(arm.requests.total)}.`;
  return markup`<div class="timeline" tabindex="0" role="group" aria-label="${arm.name}: the arrow keys step through its events" data-from="${scale.from - scale.zero}" data-to="${scale.to - scale.zero}" style="--h:${height}">
<svg class="labels" preserveAspectRatio="xMaxYMin slice" viewBox="0 0 ${labelWidth} ${height}" aria-hidden="true">${labels}</svg>
<svg class="plot" viewBox="0 0 ${plotWidth} ${height}" preserveAspectRatio="none" role="img" aria-label="${name}">${bands(scale, story, 20, height - 20)}${grid(scale, window, 20, height - 20)}${plot}</svg>
</div>
<p class="readout" aria-live="polite"></p>${sampled(arm)}
${dataBlock('timeline-data', happenings(arm, story))}`;
}

const sampled = ({ failures, requests }: ArmFindings): Markup =>
  failures.length < requests.failed
    ? markup`<p class="small">Ticks show ${count(failures.length)} of ${count(requests.failed)} failed requests; the bars count all.</p>`
    : nothing;

function lanes(arm: ArmFindings, story: ArmStory, window: Window, top: number): Lane[] {
  const scale = timeScale(story, window, plotWidth);
  const short = shortNames(story);
  const of = (pod: string) => arm.failures.filter((failure) => failure.pod === pod);
  const known = new Set(story.pods.map(({ pod }) => pod));
  const elsewhere = arm.failures.filter(({ pod }) => !known.has(pod));
  const orphan = { pod: 'no pod', node: '', version: '', bar: [], endpoint: [], listening: [] };
  return [
    axisLane(scale, window, 'top'),
    disruptionLane(scale, story),
    answeredLane(scale, story),
    failedLane(scale, story, top),
    ...nodeLanes(scale, story, short),
    {
      height: 18,
      label: markup`<text x="${labelEdge}" y="14" text-anchor="end" class="lane-title heavy">Pods</text>`,
      plot: nothing,
    },
    ...inOrder(story).map((lane) => podLane(scale, lane, of(lane.pod), short)),
    ...(elsewhere.length > 0 ? [podLane(scale, orphan, elsewhere, { pod: (name) => name, node: () => '' })] : []),
    sliceLane(scale, story),
    axisLane(scale, window, 'bottom'),
  ];
}
