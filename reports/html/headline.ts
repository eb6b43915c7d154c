import type { ArmFindings, RunFindings } from '../../harness/model/finding.ts';
import { arranged } from '../words/arrange.ts';
import { judgeAgain, runAgain } from '../words/command.ts';
import { doubts } from '../words/doubt.ts';
import { count, dateAndTime, longDuration, unitsKept } from '../words/number.ts';
import { verdictWord, withoutVerdictWord } from '../words/outcome.ts';
import { type Markup, markup } from './markup.ts';

/** Verdict, one supporting sentence, and the two commands that get the same again. */
export function headline(findings: RunFindings): Markup {
  const { plan, verdict } = findings;
  return markup`
<h1><span class="${verdict}">${verdictWord[verdict]}.</span> ${unitsKept(withoutVerdictWord(findings.sentence))}</h1>
<p class="lead">${unitsKept(support(findings))}</p>
<dl class="commands">
<dt>Run it again</dt><dd><code>${runAgain(plan)}</code></dd>
<dt>Judge the recording again, no cluster needed</dt><dd><code>${judgeAgain(plan)}</code></dd>
</dl>`;
}

export function banner(findings: RunFindings, sections: readonly (readonly [string, string])[]): Markup {
  const arms = findings.experiments.reduce((sum, experiment) => sum + experiment.arms.length, 0);
  const size = `${findings.experiments.map(({ name }) => name).join(', ')}, ${count(arms)} arms`;
  return markup`<header><b>holdfast</b> <span>${dateAndTime(findings.plan.startedAt)}</span> <span>${longDuration(findings.durationMs)}</span> <span>${size}</span>
<nav>${sections.map(([id, title]) => markup`<a href="#${id}">${title}</a> `)}</nav></header>`;
}

function support(findings: RunFindings): string {
  const arms = findings.experiments.flatMap((experiment) => arranged(experiment.arms));
  const [first, ...others] = doubts(findings);
  const loss = lossSentence(arms);
  if (!first) return [loss, controlSentence(arms)].filter(Boolean).join(' ');
  const place = first.arm ?? first.experiment;
  const more = others.length > 0 ? ` ${others.length} more below.` : '';
  return `In ${place}, expected ${first.finding.expected}, measured ${first.finding.measured}.${more} ${loss}`.trim();
}

/** A test that cannot fail proves nothing: where did it? */
function lossSentence(arms: readonly ArmFindings[]): string {
  const lost = arms.filter(({ role, requests }) => role === 'unprotected' && requests.failed > 0);
  if (lost.length === 0) return '';
  const list = lost.map(({ name, requests }) => `${count(requests.failed)} in ${name}`);
  return `The same disruption lost ${inList(list)}, so the test can see a loss.`;
}

function controlSentence(arms: readonly ArmFindings[]): string {
  const control = arms.find(({ role }) => role === 'control');
  if (!control || control.requests.total === 0) return '';
  return `With no disruption, ${control.requests.failed === 0 ? 'none' : count(control.requests.failed)} of ${count(control.requests.total)} failed.`;
}

const inList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
