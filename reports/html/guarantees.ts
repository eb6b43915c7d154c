import type { ArmFindings, BudgetMargin, ExperimentFindings, RunFindings } from '../../harness/model/finding.ts';
import { arranged } from '../words/arrange.ts';
import { causesInWords } from '../words/cause.ts';
import { demands } from '../words/demand.ts';
import { exposureOfTreatments } from '../words/exposure.ts';
import { type Margin, margins } from '../words/margin.ts';
import { count, counted, exactSeconds, unitsKept } from '../words/number.ts';
import { observed } from '../words/observed.ts';
import { type Mark, outcome } from '../words/outcome.ts';
import { mergedRepeats } from '../words/repeats.ts';
import { isolated, type Markup, markup } from './markup/markup.ts';
import { verdictTag } from './verdict-mark.ts';

/** Every arm: its expectation, its result, and how much the result proves. */
export function guarantees(findings: RunFindings): Markup {
  return markup`
<section id="guarantees">
<h2>Guarantees</h2>
<p>${tally(findings)} Strength counts injections, because the pods of one rollout are not independent. A margin is the time between two events: at the end, from the last connection to the closed listener; at the start, from the listener to the first connection; of the grace period, from the last answer to its end. The margin above a budget is healthy minus desired pods.</p>
<table class="stacks"><thead><tr><th class="roomy">Arm</th><th>Verdict</th><th>Expected</th><th>Evidence</th><th>Smallest margin</th></tr></thead>
<tbody>${findings.experiments.map(group)}</tbody></table>
</section>`;
}

const tallied: readonly Mark[] = ['pass', 'lost', 'inconclusive', 'fail', 'error'];

function tally(findings: RunFindings): string {
  const outcomes = findings.experiments.flatMap(({ arms }) => arms.map(outcome));
  const words = tallied.flatMap((mark) => {
    const of = outcomes.filter((each) => each.mark === mark);
    const names = mark === 'lost' ? [...new Set(of.map(({ word }) => word))] : [mark];
    return names.map((name) => [of.filter(({ word }) => mark !== 'lost' || word === name).length, name] as const);
  });
  return `${words
    .filter(([many]) => many > 0)
    .map(([many, word]) => `${many} ${word}`)
    .join('; ')}.`;
}

const group = (experiment: ExperimentFindings): Markup => markup`
<tr class="group"><td colspan="5">${isolated(experiment.title)} <span class="aside">${experiment.name}</span></td></tr>
${mergedRepeats(arranged(experiment.arms)).map((arm) => armRow(arm))}
${experiment.strength ? markup`<tr class="strength"><td>Strength</td><td colspan="4">${experiment.strength}</td></tr>` : ''}
${exposureRow(exposureOfTreatments(experiment.arms))}`;

const exposureRow = (words: string): Markup | string =>
  words === '' ? '' : markup`<tr class="strength"><td>Exposure</td><td colspan="4">${words}</td></tr>`;

function armRow(arm: ArmFindings): Markup {
  const also = demands(arm);
  const seen = observed(arm);
  const answers = also.map(({ measured }) => measured).filter((measured) => !seen.includes(measured));
  const shown = [causesInWords(arm.requests.byCause), seen, ...answers];
  const { close, listen, grace, budget } = margins(arm);
  return markup`<tr><td>${isolated(arm.name)}<span class="sub">${unitsKept(arm.says)}</span></td><td>${verdictTag(outcome(arm))}</td><td data-h="expected">${isolated(arm.expected)}${also.map(({ expected }) => markup`<span class="sub">${expected}</span>`)}</td><td>${isolated(evidence(arm))}${[...new Set(shown)].map((line) => (line ? markup`<span class="sub">${line}</span>` : ''))}</td><td>${close ? marginLine(close, 'late', 'at the end') : ''}${listen ? marginLine(listen, 'early', 'at the start') : ''}${grace ? marginLine(grace, 'late', 'of its grace period') : ''}${budget ? budgetLine(budget) : ''}</td></tr>`;
}

const evidence = ({ requests, measured }: ArmFindings): string =>
  requests.total === 0 ? measured : `${count(requests.failed)} of ${count(requests.total)} requests failed`;

const budgetLine = ({ smallest }: BudgetMargin): Markup =>
  markup`<span class="margin"><b class="${smallest < 0 ? 'fail' : 'pass'}">${counted(Math.abs(smallest), 'pod')} ${smallest < 0 ? 'too few' : 'to spare'}</b> <span class="aside">above its budget</span></span>`;

const marginLine = ({ smallestMs }: Margin, missed: string, what: string): Markup =>
  markup`<span class="margin"><b class="${smallestMs < 0 ? 'fail' : 'pass'}">${exactSeconds(smallestMs)} ${smallestMs < 0 ? `too ${missed}` : 'to spare'}</b> <span class="aside">${what}</span></span>`;
