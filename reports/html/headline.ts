import type { ArmFindings, RunFindings } from '../../harness/model/finding.ts';
import { arranged } from '../words/arrange.ts';
import { judgeAgain, runAgain } from '../words/command.ts';
import { doubts, firstEvidence } from '../words/doubt.ts';
import { exposureOfTreatments } from '../words/exposure.ts';
import { margins } from '../words/margin.ts';
import { count, counted, dateAndTime, exactSeconds, longDuration, unitsKept } from '../words/number.ts';
import { verdictWord } from '../words/outcome.ts';
import { mergedRepeats } from '../words/repeats.ts';
import { isolated, joined, Markup, markup, nothing, type Part } from './markup/markup.ts';
import { verdictIcon } from './verdict-mark.ts';

/** The verdict, the reasons for it, and the commands that repeat the run and the judgement. */
export function headline(findings: RunFindings): Markup {
  const { plan, verdict } = findings;
  const [first = '', ...further] = findings.sentence.replace(/\.$/, '').split('; ');
  const several = findings.experiments.length > 1;
  const support = [...(several ? [] : further), ...supporting(findings)]
    .map(sentence)
    .filter(({ text }) => text !== '');
  return markup`
<h1><span class="${verdict}">${verdictWord[verdict]}.</span> ${sentence(first)}</h1>
${several ? eachInOneSentence(findings) : ''}${support.length === 0 ? '' : markup`<p class="lead">${joined(support, ' ')}</p>`}
${commands([
  ['Run it again', runAgain(plan)],
  ['Judge the recording again (no cluster needed)', judgeAgain(plan)],
])}`;
}

/** The commands that can be built from plain names. */
function commands(all: readonly (readonly [string, string | undefined])[]): Markup {
  const known = all.flatMap(([title, line]) => (line === undefined ? [] : [[title, line] as const]));
  if (known.length === 0) return nothing;
  return markup`<dl class="commands">
${known.map(([title, line]) => markup`<dt>${title}</dt><dd><code>${line}</code></dd>\n`)}</dl>`;
}

const eachInOneSentence = ({ experiments }: RunFindings): Markup =>
  markup`<ul class="each">${experiments.map(({ verdict, sentence }) => markup`<li>${verdictIcon(verdict)}<span>${unitsKept(sentence)}</span></li>`)}</ul>
`;

export function banner(findings: RunFindings, sections: readonly (readonly [string, string])[]): Markup {
  const arms = findings.experiments.reduce((sum, experiment) => sum + experiment.arms.length, 0);
  const names = findings.experiments.map(({ name }) => isolated(name));
  const size = markup`${joined(names, ', ')}, ${counted(arms, 'arm')}`;
  return markup`<header><b>holdfast</b> <span>${dateAndTime(findings.plan.startedAt)}</span> <span>${longDuration(findings.durationMs)}</span> <span>${size}</span>
<nav>${sections.map(([id, title]) => markup`<a href="#${id}">${title}</a> `)}</nav></header>`;
}

/**
 * After a pass: how much it proves. Otherwise: the expectation, the first evidence, and whether the test can detect a
 * loss.
 */
function supporting(findings: RunFindings): (string | Markup)[] {
  const arms = findings.experiments.flatMap((experiment) => mergedRepeats(arranged(experiment.arms)));
  const [first, ...others] = doubts(findings);
  if (!first) {
    // With several experiments, each has its own in the table below.
    if (findings.experiments.length > 1) return [];
    const strength = findings.experiments.flatMap((experiment) => experiment.strength.split('; '));
    const exposure = exposureOfTreatments(arms);
    const met = exposure === '' ? '' : `The disruption affected ${exposure}`;
    return [...strength, met, marginSentence(arms), controlSentence(arms)];
  }
  const evidence = firstEvidence(first.finding);
  return [
    `expected ${first.finding.expected}`,
    evidence ? `first evidence: ${evidence.text}` : '',
    others.length > 0 ? `${counted(others.length, 'more finding')} below` : '',
    lossSentence(arms),
  ];
}

const sentence = (clause: string | Markup): Markup => {
  if (clause instanceof Markup) return clause;
  const text = unitsKept(asSentence(clause));
  return text === '' ? nothing : isolated(text);
};

/** A clause as a sentence of its own. */
function asSentence(clause: string): string {
  const text = clause.trim();
  if (text === '') return '';
  const start = /^[\w-]*-/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(text) ? start : `${start}.`;
}

function marginSentence(arms: readonly ArmFindings[]): string {
  const treatments = arms.filter(({ role }) => role === 'treatment').map(margins);
  const smallest = (side: 'close' | 'listen') =>
    Math.min(...treatments.map((each) => each[side]?.smallestMs ?? Number.POSITIVE_INFINITY));
  const words = [
    [smallest('close'), 'between the last connection to a pod and the end of its listener'],
    [smallest('listen'), 'between listening and the first connection'],
  ] as const;
  const known = words.filter(([ms]) => Number.isFinite(ms)).map(([ms, what]) => `${exactSeconds(ms)} ${what}`);
  return known.length > 0 ? `The smallest margins are ${known.join(' and ')}.` : '';
}

/** The losses of the unprotected arms. A test that cannot fail proves nothing. */
function lossSentence(arms: readonly ArmFindings[]): Markup {
  const lost = arms.filter(({ role, requests }) => role === 'unprotected' && requests.failed > 0);
  if (lost.length === 0) return nothing;
  const list = lost.map(({ name, requests }) => markup`${count(requests.failed)} in ${isolated(name)}`);
  return markup`The same disruption lost ${inList(list)}, so the test can detect a loss.`;
}

function controlSentence(arms: readonly ArmFindings[]): string {
  const control = arms.find(({ role }) => role === 'control');
  if (!control || control.requests.total === 0) return '';
  return `Without a disruption, ${control.requests.failed === 0 ? 'none' : count(control.requests.failed)} of ${count(control.requests.total)} failed.`;
}

const inList = (words: readonly Markup[]): Part =>
  words.length < 2 ? words : [joined(words.slice(0, -1), ', '), ' and ', words.at(-1)];
