import { factsInWords } from '../../harness/guarantees/facts.ts';
import { valueInWords } from '../../harness/model/object-diff-in-words.ts';
import type { ArmPlan, ExperimentPlan } from '../../harness/model/plan.ts';
import { byRole } from '../words/arrange.ts';
import { counted, unitsKept } from '../words/number.ts';
import { isolated, joined, type Markup, markup, nothing, type Part } from './markup/markup.ts';

/** One setting of an arm: a column of the table, or a part of the line for all arms. */
interface Setting {
  readonly key: string;
  readonly title: string;
  /** The words below the title in the table. */
  readonly cell: string;
  /** The words for the line. Undefined if nothing is said there about a setting that all arms share. */
  readonly alone: string | undefined;
}

/** The settings in which the arms of an experiment differ as a table, and the others as one line. */
export function settings({ name, arms }: ExperimentPlan): Markup {
  const rows = arms
    .filter(({ repeats }) => repeats === undefined)
    .toSorted(byRole)
    .map((arm) => ({ arm: arm.name, of: new Map(settingsOf(arm).map((setting) => [setting.key, setting])) }));
  const columns = [...new Map(rows.flatMap(({ of }) => [...of])).values()];
  const isShared = ({ key }: Setting) => new Set(rows.map(({ of }) => of.get(key)?.cell)).size === 1;
  const shared = columns.filter(isShared);
  const different = columns.filter((column) => !shared.includes(column));
  return markup`<h3>Settings: ${isolated(name)}</h3>
${different.length > 0 ? table(different, rows) : nothing}
${shared.length > 0 ? markup`<p class="small">${rows.length > 1 ? 'All arms' : 'The only arm'}: ${line(shared)}.</p>` : nothing}`;
}

const table = (
  columns: readonly Setting[],
  rows: readonly { readonly arm: string; readonly of: ReadonlyMap<string, Setting> }[],
): Markup => markup`<div class="wide"><table class="knobs"><thead><tr><th>Arm</th>${columns.map(({ title }) => markup`<th>${title}</th>`)}</tr></thead>
<tbody>${rows.map(
  ({ arm, of }) =>
    markup`<tr><td>${arm}</td>${columns.map(({ key }) => markup`<td>${unitsKept(of.get(key)?.cell ?? '–')}</td>`)}</tr>`,
)}</tbody></table></div>`;

const line = (shared: readonly Setting[]): Part =>
  joined(
    shared.flatMap(({ alone }) => (alone === undefined ? [] : [isolated(unitsKept(alone))])),
    '; ',
  );

const settingsOf = ({ workload, lab, traffic }: ArmPlan): readonly Setting[] => [
  ...factsInWords(workload.facts).map(({ name, title, words, cell, given }) => ({
    key: `fact ${name}`,
    title,
    cell,
    alone: given ? words : undefined,
  })),
  ...Object.entries(workload.options).map(([option, { value, words }]) => {
    const setting = named(option, words ?? valueInWords(value));
    return { ...setting, key: `option ${option}`, alone: words ?? setting.alone };
  }),
  { ...named('busy workers', String(lab.busyWorkers)), alone: counted(lab.busyWorkers, 'busy worker') },
  named('scheduler', lab.scheduler),
  ...(traffic
    ? [
        named('requests/s', `${traffic.freshPerSecond} fresh, ${traffic.keptAlivePerSecond} kept alive`),
        named('time-out', `${traffic.timeoutMs / 1000} s`),
      ]
    : [{ ...named('requests/s', 'no traffic'), alone: 'no traffic' }]),
];

const named = (title: string, cell: string): Setting => ({ key: title, title, cell, alone: `${title} ${cell}` });
