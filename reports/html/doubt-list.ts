import type { EvidenceLine, RunFindings } from '../../harness/model/finding.ts';
import type { RunPlan } from '../../harness/model/plan.ts';
import { type Doubt, doubts } from '../words/doubt.ts';
import { clockTime, counted } from '../words/number.ts';
import { whereToLook } from '../words/where-to-look.ts';
import { checkName } from './check-name.ts';
import { isolated, type Markup, markup, nothing } from './markup/markup.ts';
import { verdictTag } from './verdict-mark.ts';

/** Why this run did not pass: expected, measured, evidence, and where the evidence is. */
export function doubtList(findings: RunFindings): Markup {
  const all = doubts(findings);
  if (all.length === 0) return nothing;
  return markup`
<section id="doubts">
<h2>Why this run did not pass</h2>
<p>${counted(all.length, 'finding')}${all.length > 1 ? ', the worst first' : ''}.</p>
${all.map((doubt) => item(findings.plan, doubt))}
</section>`;
}

function item(plan: RunPlan, { experiment, arm, finding, part }: Doubt): Markup {
  const { verdict, expected, measured, evidence, arose } = finding;
  const shown = evidence.slice(0, 5);
  return markup`<div class="doubt">
<h3>${verdictTag({ mark: verdict, word: verdict })} ${checkName(finding)} <span class="aside">${arm ?? experiment}</span></h3>
<dl class="facts"><dt>expected</dt><dd>${expected}</dd><dt>measured</dt><dd>${measured}</dd>
${shown.length > 0 ? markup`<dt>evidence</dt>${shown.map(evidenceLine)}` : ''}
<dt>see</dt><dd><code>${whereToLook(finding, plan, `runs/${plan.run}/${part}`, arm)}</code>${arose === 'before-fault' ? ' This happened before the fault, so the run may be repeated.' : ''}</dd></dl></div>`;
}

const evidenceLine = ({ at, text }: EvidenceLine): Markup =>
  markup`<dd>${at === undefined ? '' : markup`<code>${clockTime(at)}</code> `}${isolated(text)}</dd>`;
