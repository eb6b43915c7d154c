import type { ArmFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import { worst } from '../../harness/model/verdict.ts';
import { arranged } from '../words/arrange.ts';
import { type Markup, markup } from './markup.ts';
import { verdictIcon } from './verdict-mark.ts';

interface Guard {
  readonly check: string;
  readonly by: readonly { readonly arm: string; readonly finding: Finding }[];
}

/** The checks that guard the run: whether it may be believed at all. */
export function validity(findings: RunFindings): Markup {
  const guards = guardsOf(findings);
  const doubtful = guards.filter(({ by }) => by.some(({ finding }) => finding.verdict !== 'pass'));
  const answer =
    guards.length === 0
      ? 'Nothing was checked.'
      : doubtful.length === 0
        ? 'Yes, on all counts. One miss would have made the verdict inconclusive.'
        : `No: ${doubtful.length} of ${guards.length} checks did not hold.`;
  return markup`
<section id="validity">
<h2>Was the run valid?</h2>
<p>${answer}</p>
<ul class="guards">${guards.map(item)}</ul>
</section>`;
}

function guardsOf(findings: RunFindings): Guard[] {
  const arms = findings.experiments.flatMap((experiment) => arranged(experiment.arms));
  const all = arms.flatMap((arm) =>
    arm.findings.filter((finding) => guards(arm, finding)).map((finding) => ({ arm: arm.name, finding })),
  );
  const checks = [...new Set(all.map(({ finding }) => finding.check))];
  return checks.map((check) => ({ check, by: all.filter(({ finding }) => finding.check === check) }));
}

/** The finding that answers the arm's own question is the guarantee itself and stands in its table. */
const guards = (arm: ArmFindings, finding: Finding): boolean =>
  finding.expected !== arm.expected || finding.measured !== arm.measured;

function item({ check, by }: Guard): Markup {
  const verdict = worst(by.map(({ finding }) => finding.verdict));
  const bad = by.filter(({ finding }) => finding.verdict !== 'pass');
  const lines = (bad.length > 0 ? bad : by).map(({ arm, finding }) => [arm, finding.measured] as const);
  return markup`<li>${verdictIcon(verdict)}<div>${check}<span class="sub">${measuredWords(lines)}</span>${
    bad.length > 0 ? markup`<span class="sub">expected ${bad[0]?.finding.expected ?? ''}</span>` : ''
  }</div></li>`;
}

/** Arms that measured the same share one phrase. */
function measuredWords(lines: readonly (readonly [arm: string, measured: string])[]): string {
  const distinct = [...new Set(lines.map(([, measured]) => measured))];
  if (distinct.length === 1)
    return `${distinct[0]}${lines.length > 1 ? `, in each of ${lines.length} arms` : ` in ${lines[0]?.[0]}`}`;
  return lines.map(([arm, measured]) => `${arm}: ${measured}`).join('; ');
}
