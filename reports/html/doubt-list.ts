import type { RunFindings } from '../../harness/model/finding.ts';
import { type Doubt, doubts } from '../words/doubt.ts';
import { clockTime, counted } from '../words/number.ts';
import { type Markup, markup, nothing } from './markup.ts';
import { verdictTag } from './verdict-mark.ts';

/** What cost the pass: expected, measured, evidence, where to look. */
export function doubtList(findings: RunFindings): Markup {
  const all = doubts(findings);
  if (all.length === 0) return nothing;
  return markup`
<section id="doubts">
<h2>What cost the pass</h2>
<p>${counted(all.length, 'finding')}${all.length > 1 ? ', the worst first' : ''}.</p>
${all.map((doubt) => item(findings.plan.run, doubt))}
</section>`;
}

const item = (run: string, { experiment, arm, finding, part }: Doubt): Markup => markup`<div class="doubt">
<h3>${verdictTag({ mark: finding.verdict, word: finding.verdict })} ${finding.check} <span class="aside">${arm ?? experiment}</span></h3>
<dl class="facts"><dt>expected</dt><dd>${finding.expected}</dd><dt>measured</dt><dd>${finding.measured}</dd>
${finding.evidence
  .slice(0, 5)
  .map(
    ({ at, text }) =>
      markup`<dt>evidence</dt><dd>${at === undefined ? '' : markup`<code>${clockTime(at)}</code> `}${text}</dd>`,
  )}<dt>look at</dt><dd><code>runs/${run}/${part}</code>${finding.arose === 'before-fault' ? ' It arose before the fault, so the run may be repeated.' : ''}</dd></dl></div>`;
