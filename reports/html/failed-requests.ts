import type { ArmFindings, FailedRequest, FailureEvidence, RunFindings } from '../../harness/model/finding.ts';
import type { Micros } from '../../harness/model/units.ts';
import { arranged } from '../words/arrange.ts';
import { causeCure, causeMeaning, causeName, occurred } from '../words/cause.ts';
import { printFailed } from '../words/command.ts';
import { failureEvidenceInWords } from '../words/failure-evidence.ts';
import { clockTime, count, counted, signedSeconds } from '../words/number.ts';
import { sends } from '../words/plan.ts';
import { mergedRepeats } from '../words/repeats.ts';
import { causeIcon } from './markup/cause-mark.ts';
import { isolated, joined, type Markup, markup, nothing, type Part } from './markup/markup.ts';
import { shortNames } from './markup/names.ts';

const samplesPerArm = 3;

/** Failed requests grouped by cause: meaning, cure, and a sample of each arm with its evidence. */
export function failedRequests(findings: RunFindings): Markup {
  const arms = findings.experiments.flatMap((experiment) => mergedRepeats(arranged(experiment.arms)));
  const total = arms.reduce((sum, { requests }) => sum + requests.failed, 0);
  return markup`
<section id="failed">
<h2>Failed requests by cause</h2>
<p>${introduction(findings, arms, total)}</p>
${total === 0 ? '' : table(arms)}
${total === 0 ? '' : markup`<p class="small">${closing(arms, total)}${everyRow(printFailed(findings.plan))}</p>`}
</section>`;
}

const everyRow = (command: string | undefined): Markup =>
  command === undefined ? nothing : markup` To print all of them: <code>${command}</code>`;

function introduction({ plan }: RunFindings, arms: readonly ArmFindings[], total: number): Part {
  const sending = plan.experiments.some((experiment) => experiment.arms.some(sends));
  if (total === 0 && plan.experiments.length > 0 && !sending)
    return 'No requests were sent. Only the states of objects are judged.';
  if (total === 0) return 'No request failed in any arm.';
  const guarded = arms.filter(({ role, requests }) => role !== 'unprotected' && requests.failed > 0);
  if (guarded.length === 0) return 'All failures are in arms without the protection.';
  const list = guarded.map(({ name, requests }) => markup`${count(requests.failed)} in ${isolated(name)}`);
  return markup`Requests failed in arms that must not lose any: ${joined(list, ', ')}.`;
}

function closing(arms: readonly ArmFindings[], total: number): string {
  const unattributed = arms.reduce((sum, { requests }) => sum + requests.unattributed, 0);
  const causes = unattributed === 0 ? 'all attributed' : `${count(unattributed)} unattributed`;
  return `${counted(total, 'failed request')}, ${causes}. The table shows a sample of each cause and arm.`;
}

const table = (arms: readonly ArmFindings[]): Markup => markup`<table class="stacks requests">
<thead><tr><th>Time, UTC</th><th>Arm</th><th>Code</th><th>Text</th><th>Pod</th><th>What happened, and events in the cluster within ± 2 s (seconds relative to the request)</th></tr></thead>
<tbody>${causesInOrder(arms).map((cause) => causeGroup(cause, arms))}</tbody></table>`;

/** Causes in arms that must not lose requests come first. */
function causesInOrder(arms: readonly ArmFindings[]): string[] {
  const of = (list: readonly ArmFindings[]) => list.flatMap(({ requests }) => occurred(requests.byCause));
  const guarded = of(arms.filter(({ role }) => role !== 'unprotected'));
  const inTaxonomy = occurred(Object.fromEntries(of(arms).map((cause) => [cause, 1])));
  return [...new Set([...occurred(Object.fromEntries(guarded.map((cause) => [cause, 1]))), ...inTaxonomy])];
}

function causeGroup(cause: string, arms: readonly ArmFindings[]): Markup {
  const hit = arms.filter(({ requests }) => (requests.byCause[cause] ?? 0) > 0);
  const total = hit.reduce((sum, { requests }) => sum + (requests.byCause[cause] ?? 0), 0);
  const split = hit.map(({ name, requests }) => markup`${isolated(name)} ${count(requests.byCause[cause] ?? 0)}`);
  return markup`<tr class="group"><td colspan="6">${causeIcon(cause)} ${isolated(causeName(cause))}: ${count(total)} <span class="aside">${joined(split, ', ')}. ${causeMeaning(cause)} ${causeCure(cause)}</span></td></tr>
${hit.map((arm) => sample(arm.failures.filter((failure) => failure.cause === cause)).map((failure) => requestRow(arm, failure)))}`;
}

/** A sample spread over all failures, including the first and the last. */
function sample(failures: readonly FailedRequest[]): FailedRequest[] {
  if (failures.length <= samplesPerArm) return [...failures];
  const step = (failures.length - 1) / (samplesPerArm - 1);
  return Array.from({ length: samplesPerArm }, (_, index) => failures[Math.round(index * step)]).flatMap((each) =>
    each ? [each] : [],
  );
}

const podKnown: Record<FailedRequest['podBy'], string> = {
  header: 'by its header',
  conntrack: 'by conntrack',
  inferred: 'inferred',
  none: 'unknown',
};

function requestRow(arm: ArmFindings, { request, pod, podBy, words, evidence }: FailedRequest): Markup {
  const offset = arm.story ? `${signedSeconds(arm.story.zero, request.start, 3)} s` : '';
  const short = arm.story ? shortNames(arm.story).pod(pod) : pod;
  return markup`<tr><td><code>${clockTime(request.start)}</code><span class="sub">${offset}</span></td><td>${isolated(arm.name)}<span class="sub">${request.conn}</span></td><td><code>${request.status > 0 ? request.status : request.code}</code></td><td class="text"><code>${request.err}</code></td><td><code>${short}</code><span class="sub">${podKnown[podBy]}</span></td><td class="words">${isolated(words)}<span class="around">${nearby(request.start, evidence).map((line) => around(request.start, pod, line))}</span></td></tr>`;
}

const nearMicros = 2_000_000;

/** Evidence within 2 s and evidence without a time. If there is none within 2 s, the nearest. */
function nearby(start: Micros, evidence: readonly FailureEvidence[]): readonly FailureEvidence[] {
  const distance = ({ at }: FailureEvidence) => (at === undefined ? 0 : Math.abs(at - start));
  const near = evidence.filter((line) => distance(line) <= nearMicros);
  return near.length > 0 ? near : evidence.toSorted((one, other) => distance(one) - distance(other)).slice(0, 1);
}

/** The pod has a column of its own, so its name is left out. */
function around(start: Micros, pod: string, line: FailureEvidence): Markup {
  const { at, subject, text } = line;
  const words = subject === pod ? text : failureEvidenceInWords(line);
  return markup`<span>${at === undefined ? '' : markup`<b>${signedSeconds(start, at)}</b> `}${isolated(words)}</span> `;
}
