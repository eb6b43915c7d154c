import type { ArmFindings, ArmStory, ExperimentFindings } from '../../harness/model/finding.ts';
import type { ArmPlan, RunPlan } from '../../harness/model/plan.ts';
import { arranged } from '../words/arrange.ts';
import { count, counted } from '../words/number.ts';
import { outcome } from '../words/outcome.ts';
import { armPlan, demandedReady, sends } from '../words/plan.ts';
import { worstRuns } from '../words/repeats.ts';
import { account } from './account.ts';
import { happenings } from './happenings.ts';
import { answeredLane } from './lanes/answered.ts';
import { axisLane, grid } from './lanes/axis.ts';
import { budgetLane } from './lanes/budget.ts';
import { bands, disruptionLanes } from './lanes/disruption.ts';
import { evictionLane } from './lanes/eviction.ts';
import { failedLane, failedTop } from './lanes/failed.ts';
import { headingLane, type Lane, labelWidth, plotWidth, stacked } from './lanes/lane.ts';
import { apiServerLanes, nodeLanes } from './lanes/node.ts';
import { podLane } from './lanes/pod.ts';
import { sharedWindow, type TimeScale, timeScale, type Window } from './lanes/scale.ts';
import { sliceLane } from './lanes/slice.ts';
import { dataBlock, isolated, Markup, markup, nothing } from './markup/markup.ts';
import { type ShortNames, shortNames } from './markup/names.ts';
import { inOrder } from './pod-order.ts';
import { laneKey } from './timeline-key.ts';

/** One chart per arm, switched by radio buttons. All lanes of a chart share one axis. */
export function timeline(experiment: ExperimentFindings, index: number, plan: RunPlan): Markup {
  const arms = worstRuns(arranged(experiment.arms));
  const planned = (arm: ArmFindings) => armPlan(plan, experiment.name, arm.name);
  const anySends = arms.some((arm) => sends(planned(arm)));
  if (!arms.some(({ story }) => story)) return nothing;
  const window = sharedWindow(arms);
  const top = failedTop(arms.flatMap(({ story }) => (story ? [story] : [])));
  const open = firstOpen(arms);
  const id = (arm: ArmFindings) => `t${index}-${arms.indexOf(arm)}`;
  return markup`
<section id="timeline-${index}">
<h2>Timeline: ${isolated(experiment.name)}</h2>
<p>All lanes share one time axis. Zero is the first injection, or the start of the fault phase if there is none. The lines below the bar of a pod show when its process listened and what the EndpointSlice contained${anySends ? '. The marks above the bar are requests that failed there' : ''}. The text below the chart lists the same events.</p>
<fieldset class="switch"><legend class="hidden">Arm</legend>
${arms.map((arm) => markup`<input type="radio" name="t${index}" id="${id(arm)}"${arm === open ? new Markup(' checked') : ''}>`)}
<div class="segments">${arms.map((arm) => markup`<label for="${id(arm)}">${isolated(arm.name)} ${sends(planned(arm)) ? markup`<span class="many">${count(arm.requests.failed)} failed</span>` : ''}</label>`)}</div>
${arms.map((arm) => markup`<div class="panel" data-for="${id(arm)}"><h3 class="print-only">${isolated(arm.name)}: ${outcome(arm).word}</h3>${panel(arm, planned(arm), window, top)}</div>`)}
</fieldset>
<style>${new Markup(arms.map((arm) => switchRules(id(arm))).join(''))}</style>
</section>`;
}

const switchRules = (id: string): string =>
  `#${id}:checked~[data-for=${id}]{display:block}#${id}:checked~.segments label[for=${id}]{background:var(--ink);color:var(--bg)}#${id}:focus-visible~.segments label[for=${id}]{outline:2px solid var(--ink);outline-offset:2px}`;

/** The arm that is shown first: one that failed, otherwise the unprotected arm with the smallest loss. */
function firstOpen(arms: readonly ArmFindings[]): ArmFindings | undefined {
  const withStory = arms.filter(({ story }) => story);
  return (
    withStory.find(({ verdict }) => verdict === 'fail' || verdict === 'error') ??
    withStory.find(({ role, requests }) => role === 'unprotected' && requests.failed > 0) ??
    withStory[0]
  );
}

function panel(arm: ArmFindings, plan: ArmPlan | undefined, window: Window, top: number): Markup {
  const { story } = arm;
  if (!story) return markup`<p class="empty">Nothing was recorded in this arm. ${isolated(arm.measured)}.</p>`;
  const scale = timeScale(story, window, plotWidth);
  const { height, labels, plot } = stacked(lanes(arm, story, plan, window, top));
  const result = sends(plan)
    ? `${counted(arm.requests.failed, 'failed request')} of ${count(arm.requests.total)}`
    : arm.measured;
  const name = `Timeline of ${arm.name}: ${result}.`;
  return markup`<div class="timeline" tabindex="0" role="group" aria-label="${arm.name}: the arrow keys step through its events" data-from="${scale.from - scale.zero}" data-to="${scale.to - scale.zero}" style="--h:${height}">
<svg class="labels" preserveAspectRatio="xMaxYMin slice" viewBox="0 0 ${labelWidth} ${height}" aria-hidden="true">${labels}</svg>
<svg class="plot" viewBox="0 0 ${plotWidth} ${height}" preserveAspectRatio="none" role="img" aria-label="${name}">${bands(scale, story, 20, height - 20)}${grid(scale, window, 20, height - 20)}${plot}</svg>
</div>
<p class="readout" aria-live="polite"></p>${sampled(arm)}${laneKey(arm, story)}${account(story, arm.measures)}
${dataBlock('timeline-data', happenings(arm, story))}`;
}

const sampled = ({ failures, requests }: ArmFindings): Markup =>
  failures.length < requests.failed
    ? markup`<p class="small">The ticks show ${count(failures.length)} of ${count(requests.failed)} failed requests. The bars count all of them.</p>`
    : nothing;

function lanes(
  arm: ArmFindings,
  story: ArmStory,
  plan: ArmPlan | undefined,
  window: Window,
  top: number,
): readonly Lane[] {
  const scale = timeScale(story, window, plotWidth);
  const short = shortNames(story);
  return [
    axisLane(scale, window, 'top'),
    ...disruptionLanes(scale, story),
    ...(sends(plan) ? [answeredLane(scale, story), failedLane(scale, story, top)] : []),
    ...apiServerLanes(scale, story),
    ...nodeLanes(scale, story, short),
    headingLane('Pods'),
    ...podLanes(scale, arm, story, short),
    sliceLane(scale, story, demandedReady(plan)),
    ...(story.evictions.length > 0 ? [evictionLane(scale, story)] : []),
    ...story.budgets.map((budget) => budgetLane(scale, budget)),
    axisLane(scale, window, 'bottom'),
  ];
}

function podLanes(scale: TimeScale, { failures }: ArmFindings, story: ArmStory, short: ShortNames): Lane[] {
  const known = new Set(story.pods.map(({ pod }) => pod));
  const elsewhere = failures.filter(({ pod }) => !known.has(pod));
  const orphan = { pod: 'no pod', node: '', revision: '', version: '', bar: [], endpoint: [], listening: [] };
  const unnamed: ShortNames = { pod: (name) => name, node: () => '' };
  return [
    ...inOrder(story).map((lane) => {
      const marks = {
        failures: failures.filter(({ pod }) => pod === lane.pod),
        evictions: story.evictions.filter(({ pod }) => pod === lane.pod),
        unscheduled: story.unscheduled.find(({ pod }) => pod === lane.pod),
      };
      return podLane(scale, lane, marks, short);
    }),
    ...(elsewhere.length > 0 ? [podLane(scale, orphan, { failures: elsewhere, evictions: [] }, unnamed)] : []),
  ];
}
