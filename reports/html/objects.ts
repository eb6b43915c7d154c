import type { Manifests } from '../../harness/model/manifest.ts';
import { diffOf, type ObjectDifference } from '../../harness/model/object-diff.ts';
import { valuesInWords } from '../../harness/model/object-diff-in-words.ts';
import type { ArmPlan, ChangedForLab, ExperimentPlan } from '../../harness/model/plan.ts';
import { printable } from '../../harness/model/printable.ts';
import { byRole } from '../words/arrange.ts';
import { unitsKept } from '../words/number.ts';
import { isolated, joined, type Markup, markup, nothing } from './markup/markup.ts';

/** How the objects of each arm differ from those of the workload, and what was changed in them for the lab. */
export function objects({ name, objects: before, arms }: ExperimentPlan): Markup {
  const shown = arms.filter(({ repeats }) => repeats === undefined).toSorted(byRole);
  const recorded = shown.flatMap((arm) => (arm.workload.objects ? [{ arm, after: arm.workload.objects }] : []));
  return markup`<h3>Objects: ${isolated(name)}</h3>
${before && recorded.length === shown.length ? differences(before, recorded) : markup`<p class="small">The objects were not recorded.</p>`}
${changedForLab(name, shown)}`;
}

const differences = (
  before: Manifests,
  arms: readonly { readonly arm: ArmPlan; readonly after: Manifests }[],
): Markup => markup`<table class="stacks diff"><thead><tr><th>Object</th><th>Field</th><th>Workload</th><th>Arm</th></tr></thead>
<tbody>${arms.map(({ arm, after }) => {
  const found = diffOf(before, after);
  return markup`<tr class="group"><td colspan="4">${isolated(arm.name)} <span class="aside">${unitsKept(arm.says)}</span></td></tr>${
    found.length > 0 ? found.map(differenceRow) : markup`<tr><td colspan="4">no difference</td></tr>`
  }`;
})}</tbody></table>`;

function differenceRow(difference: ObjectDifference): Markup {
  const { object, field } = difference;
  const { before, after } = valuesInWords(difference);
  return markup`<tr><td>${printable(object)}</td><td>${field === '' ? 'whole object' : code(field)}</td><td data-h="workload">${code(before)}</td><td data-h="arm">${code(after)}</td></tr>`;
}

const code = (text: string | undefined): Markup | string =>
  text === undefined ? '–' : markup`<code>${printable(text)}</code>`;

/** Arms with the same changes are listed once. */
function changedForLab(experiment: string, arms: readonly ArmPlan[]): Markup {
  if (arms.every(({ workload }) => workload.changedForLab.length === 0)) return nothing;
  const groups = [...Map.groupBy(arms, ({ workload }) => JSON.stringify(workload.changedForLab)).values()];
  return markup`<h3>Changed for the lab: ${isolated(experiment)}</h3>
<p class="small">The lab sets these fields in the objects of ${groups.length === 1 ? 'every arm' : 'the arms'}. No check uses them.</p>
<table class="stacks diff"><thead><tr><th>Object</th><th>Field</th><th>Why</th></tr></thead>
<tbody>${groups.map((same) => {
    const [first] = same;
    const names = joined(
      same.map(({ name }) => isolated(name)),
      ', ',
    );
    const rows = first?.workload.changedForLab.map(changeRow) ?? [];
    return groups.length === 1
      ? rows
      : markup`<tr class="group"><td colspan="3">${names}</td></tr>${rows.length > 0 ? rows : markup`<tr><td colspan="3">no change</td></tr>`}`;
  })}</tbody></table>`;
}

const changeRow = ({ object, field, why }: ChangedForLab): Markup =>
  markup`<tr><td>${printable(object)}</td><td>${code(field)}</td><td>${printable(why)}</td></tr>`;
