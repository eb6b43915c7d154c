import { type Asked, checkKey } from '../../harness/model/checks.ts';
import type { ArmFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import { worst } from '../../harness/model/verdict.ts';
import { arranged } from '../words/arrange.ts';
import { demands } from '../words/demand.ts';
import { checkName } from './check-name.ts';
import { isolated, type Markup, markup, type Part } from './markup/markup.ts';
import { verdictIcon } from './verdict-mark.ts';

interface Guard {
  readonly asked: Asked;
  readonly by: readonly { readonly place: string; readonly finding: Finding }[];
}

/** The checks that decide whether the run is valid. */
export function validity(findings: RunFindings): Markup {
  const guards = guardsOf(findings);
  const doubtful = guards.filter(({ by }) => by.some(({ finding }) => finding.verdict !== 'pass'));
  const answer =
    guards.length === 0
      ? 'Nothing was checked.'
      : doubtful.length === 0
        ? 'Yes, all checks passed. One failed check would have made the verdict inconclusive.'
        : `No, ${doubtful.length} of ${guards.length} checks did not pass.`;
  return markup`
<section id="validity">
<h2>Was the run valid?</h2>
<p>${answer}</p>
<ul class="guards">${guards.map(item)}</ul>
</section>`;
}

function guardsOf(findings: RunFindings): Guard[] {
  const all = findings.experiments.flatMap((experiment) => [
    ...arranged(experiment.arms).flatMap((arm) => guards(arm).map((finding) => ({ place: arm.name, finding }))),
    ...experiment.findings.map((finding) => ({ place: experiment.name, finding })),
  ]);
  const asked = Map.groupBy(all, ({ finding }) => checkKey(finding));
  return [...asked.values()].flatMap((by) => (by[0] ? [{ asked: by[0].finding, by }] : []));
}

/** The findings about the arm’s expectation and demands are in the table of guarantees. */
function guards(arm: ArmFindings): Finding[] {
  const guarantees = demands(arm);
  return arm.findings.filter((finding) => finding.expected !== arm.expected && !guarantees.includes(finding));
}

function item({ asked, by }: Guard): Markup {
  const verdict = worst(by.map(({ finding }) => finding.verdict));
  const missed = by.filter(({ finding }) => finding.verdict !== 'pass');
  const words =
    missed.length > 0
      ? missed.map(
          ({ place, finding }) =>
            markup`${isolated(place)}: ${isolated(finding.measured)}; expected ${isolated(finding.expected)}`,
        )
      : [held(by)];
  return markup`<li>${verdictIcon(verdict)}<div>${checkName(asked)}${words.map((line) => markup`<span class="sub">${line}</span>`)}</div></li>`;
}

/** The measured value: once if all arms measured the same, otherwise of the first arm as an example. */
function held(by: Guard['by']): Part {
  const [first] = by;
  if (!first) return '';
  const measured = isolated(first.finding.measured);
  const place = isolated(first.place);
  if (by.length === 1) return markup`${place}: ${measured}`;
  if (by.every(({ finding }) => finding.measured === first.finding.measured))
    return markup`${measured}, in each of ${by.length} arms`;
  return markup`${place}: ${measured}; passed in each of ${by.length} arms`;
}
