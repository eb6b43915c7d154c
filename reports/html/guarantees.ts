import type { ArmFindings, ExperimentFindings, RunFindings } from '../../harness/model/finding.ts';
import { arranged } from '../words/arrange.ts';
import { causesInWords } from '../words/cause.ts';
import { type Margin, margins } from '../words/margin.ts';
import { count, exactSeconds, unitsKept } from '../words/number.ts';
import { type Mark, outcome } from '../words/outcome.ts';
import { type Markup, markup } from './markup.ts';
import { verdictTag } from './verdict-mark.ts';

/** Every arm: what it must show, what it showed, and how much that proves. */
export function guarantees(findings: RunFindings): Markup {
  return markup`
<section id="guarantees">
<h2>Guarantees</h2>
<p>${tally(findings)} The unit of strength is one injection: pods within a rollout are not independent. Margin at the end: listener closed minus last routed. At the start: first routed minus listening.</p>
<table class="stacks"><thead><tr><th class="roomy">Arm</th><th>Verdict</th><th>Expected</th><th>Evidence</th><th>Smallest margin</th></tr></thead>
<tbody>${findings.experiments.map(group)}</tbody></table>
</section>`;
}

const tallied: readonly (readonly [Mark, string])[] = [
  ['pass', 'pass'],
  ['lost', 'lost, as expected'],
  ['inconclusive', 'inconclusive'],
  ['fail', 'fail'],
  ['error', 'error'],
];

function tally(findings: RunFindings): string {
  const marks = findings.experiments.flatMap(({ arms }) => arms.map((arm) => outcome(arm).mark));
  const words = tallied
    .map(([mark, word]) => [marks.filter((each) => each === mark).length, word] as const)
    .filter(([many]) => many > 0)
    .map(([many, word]) => `${many} ${word}`);
  return `${words.join('; ')}.`;
}

const group = (experiment: ExperimentFindings): Markup => markup`
<tr class="group"><td colspan="5">${experiment.title} <span class="aside">${experiment.name}</span></td></tr>
${arranged(experiment.arms).map(armRow)}
${experiment.strength ? markup`<tr class="strength"><td>Strength, 95 %</td><td colspan="4">${experiment.strength}</td></tr>` : ''}`;

function armRow(arm: ArmFindings): Markup {
  const causes = causesInWords(arm.requests.byCause);
  const { close, listen } = margins(arm);
  return markup`<tr><td>${arm.name}<span class="sub">${unitsKept(arm.says)}</span></td><td>${verdictTag(outcome(arm))}</td><td data-h="expected">${arm.expected}</td><td>${evidence(arm)}${
    causes ? markup`<span class="sub">${causes}</span>` : ''
  }</td><td>${close ? marginLine(close, 'late', 'at the end') : ''}${listen ? marginLine(listen, 'early', 'at the start') : ''}</td></tr>`;
}

const evidence = ({ requests, measured }: ArmFindings): string =>
  requests.total === 0 ? measured : `${count(requests.failed)} of ${count(requests.total)} requests failed`;

const marginLine = ({ smallestMs }: Margin, missed: string, what: string): Markup =>
  markup`<span class="margin"><b class="${smallestMs < 0 ? 'fail' : 'pass'}">${exactSeconds(smallestMs)} ${smallestMs < 0 ? `too ${missed}` : 'to spare'}</b> <span class="aside">${what}</span></span>`;
