import type { ArmFindings, ArmStory, ExperimentFindings } from '../../harness/model/finding.ts';
import type { RunPlan } from '../../harness/model/plan.ts';
import { arranged } from '../words/arrange.ts';
import { occurred } from '../words/cause.ts';
import { count, unitsKept } from '../words/number.ts';
import { outcome } from '../words/outcome.ts';
import { armPlan, sends } from '../words/plan.ts';
import { mergedRepeats } from '../words/repeats.ts';
import { disrupted } from './lanes/disruption.ts';
import { failedBars, failedTop } from './lanes/failed.ts';
import { placed, sharedWindow, type TimeScale, tickLabel, timeScale, type Window, windowTicks } from './lanes/scale.ts';
import { causeKey } from './markup/cause-mark.ts';
import { isolated, type Markup, markup } from './markup/markup.ts';
import { placementChart, placementFigure, unplaced } from './placement.ts';
import { inOrder } from './pod-order.ts';
import { verdictTag } from './verdict-mark.ts';

const width = 229;
const base = 52;
const tall = 38;
const row = 9;

/** The arms side by side, on the same axes. */
export function arms(experiment: ExperimentFindings, index: number, plan: RunPlan): Markup {
  const all = mergedRepeats(arranged(experiment.arms));
  const sending = all.filter((arm) => sends(armPlan(plan, experiment.name, arm.name)));
  const stories = all.flatMap(({ story }) => (story ? [story] : []));
  const waitingRow = stories.some((story) => unplaced(story).length > 0);
  const window = sharedWindow(all);
  const top = failedTop(stories);
  const rows = Math.max(1, ...stories.map(({ pods }) => pods.length));
  const causes = occurred(Object.assign({}, ...all.map(({ requests }) => requests.byCause)));
  return markup`
<section id="arms-${index}">
<h2>Arms: ${isolated(experiment.name)}</h2>
<p>${isolated(experiment.question)} ${sending.length > 0 ? drawnRequests : drawnPlaces}</p>
<div class="arms">${all.map((arm) =>
    sending.includes(arm)
      ? armFigure(arm, true, (story) => small(arm, story, window, top, rows))
      : armFigure(arm, false, (story) => placementChart(arm, story, { waitingRow })),
  )}</div>
${causes.length > 0 ? markup`<div class="key">${causeKey(causes)}</div>` : ''}
</section>`;
}

const drawnRequests =
  'All arms have the same traffic and differ only in what is listed below their names. The upper charts show the failed requests by cause, on one scale. The lower charts show the pods: old ones end, new ones start.';
const drawnPlaces =
  'No requests are sent; only the states of objects are judged. Each box is a replica on the node where it ran at the end of the fault phase.';

function armFigure(arm: ArmFindings, sends: boolean, drawn: (story: ArmStory) => Markup): Markup {
  const { requests, story } = arm;
  const number =
    !sends && story
      ? placementFigure(story)
      : requests.total === 0
        ? markup`<p class="figure">–<span class="of">no request recorded</span></p>`
        : markup`<p class="figure">${count(requests.failed)}<span class="of">of ${count(requests.total)} failed</span></p>`;
  return markup`<div class="arm"><h3>${arm.name}</h3><p class="says">${unitsKept(arm.says)}</p>${number}<p class="outcome">${verdictTag(outcome(arm))} <span class="expectation">expected ${isolated(shortly(arm))}</span></p>${
    story ? drawn(story) : markup`<p class="empty">Nothing was recorded.</p>`
  }</div>`;
}

const shortly = ({ expect, expected }: ArmFindings): string => {
  if (expect.kind === 'no-loss') return 'none';
  return expect.kind === 'loss' ? `at least ${count(expect.atLeast)}` : expected;
};

function small(arm: ArmFindings, story: ArmStory, window: Window, top: number, rows: number): Markup {
  const scale = timeScale(story, window, width);
  const bottom = base + 8 + rows * row + 2;
  const name = `${arm.name}: ${count(arm.requests.failed)} of ${count(arm.requests.total)} requests failed.`;
  const bands = disrupted(story.pods).map((span) => {
    const place = placed(scale, span);
    return place
      ? markup`<rect x="${place.x}" y="${base - tall}" width="${place.width}" height="${bottom - base + tall}" class="band"/>`
      : '';
  });
  const perSecond = (top * 1000) / story.bucketMs;
  return markup`<svg class="small-multiple" viewBox="0 0 ${width} ${bottom + 18}" role="img" aria-label="${name}">${bands}
<path d="M0 ${base - tall}H${width}" class="grid"/><text x="0" y="${base - tall - 4}" class="quiet">${count(perSecond)}/s</text>
<path d="M${scale.x(scale.zero)} ${base - tall}V${bottom}" class="zero"/>
${arm.requests.failed === 0 ? markup`<text x="${width}" y="${base - 6}" text-anchor="end" class="quiet">${arm.requests.total === 0 ? 'no request recorded' : 'no request failed'}</text>` : failedBars(scale, story, top, base, tall)}
<path d="M0 ${base}H${width}" class="base"/>
${inOrder(story).map((lane, index) => podRow(scale, lane, base + 8 + index * row))}
${axis(scale, window, bottom + 14)}</svg>`;
}

const podRow = (scale: TimeScale, lane: ArmStory['pods'][number], y: number): Markup =>
  markup`${lane.bar.map((span) => {
    const place = placed(scale, span);
    return place && span.state !== 'pending'
      ? markup`<rect x="${place.x}" y="${y}" width="${place.width}" height="5" class="row-${span.state}"/>`
      : '';
  })}`;

const axis = (scale: TimeScale, window: Window, y: number): Markup =>
  markup`${windowTicks(window, 5).map((seconds) => {
    const x = scale.x(scale.zero + seconds * 1e6);
    const anchor = x > width - 12 ? 'end' : x < 10 ? 'start' : 'middle';
    return markup`<text x="${x}" y="${y}" text-anchor="${anchor}" class="${seconds === 0 ? 'strong' : 'quiet'}">${tickLabel(seconds)}</text>`;
  })}`;
