import { checkInWords } from '../../harness/model/checks.ts';
import type { ArmFindings, ExperimentFindings, Finding, RunFindings } from '../../harness/model/finding.ts';
import { printable } from '../../harness/model/printable.ts';
import { arranged } from '../words/arrange.ts';
import { causesInWords } from '../words/cause.ts';
import { judgeAgain, type NamedRun, printFailed, runAgain } from '../words/command.ts';
import { type Doubt, doubts, firstEvidence } from '../words/doubt.ts';
import { exposureOfTreatments } from '../words/exposure.ts';
import { marginsInWords } from '../words/margin.ts';
import { measuresInWords } from '../words/measure.ts';
import { clockTime, count, longDuration } from '../words/number.ts';
import { observed } from '../words/observed.ts';
import { outcome, verdictWord } from '../words/outcome.ts';
import { closest, groupedRepeats, type Runs } from '../words/repeats.ts';
import { whereToLook } from '../words/where-to-look.ts';
import { hanging, table, wrapped } from './layout.ts';
import { colors, glyphs, type Paint, painter } from './paint.ts';

export interface Screen {
  readonly color: boolean;
  /** In characters. */
  readonly width: number;
  /** The run's folder, as a user would type it. */
  readonly folder: string;
  /** The run in the commands of the hints, if it is not found by its id. */
  readonly typed?: string | undefined;
}

/** The summary that is printed after a run: verdict, arms, failed checks, strength, and hints. */
export function summary(findings: RunFindings, screen: Screen): string {
  const paint = painter(screen.color);
  const width = Math.max(40, Math.min(screen.width, 110));
  const named = { run: findings.plan.run, typed: screen.typed };
  const parts = [
    headline(findings, paint, width),
    ...findings.experiments.map((experiment) => experimentLines(experiment, paint, width)),
    ...doubts(findings).map((doubt) => doubtLines(doubt, named, screen.folder, paint, width)),
    ways(findings, named, screen.folder, paint),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headline(findings: RunFindings, paint: Paint, width: number): string[] {
  const { verdict } = findings;
  const start = `${glyphs[verdict]} ${verdictWord[verdict]}.`;
  const lines = wrapped(`${start} ${printable(findings.sentence)}`, width);
  return lines.map((line, index) =>
    index === 0
      ? paint('bold', paint(colors[verdict], start)) + paint('bold', line.slice(start.length))
      : paint('bold', line),
  );
}

function experimentLines(experiment: ExperimentFindings, paint: Paint, width: number): string[] {
  const all = groupedRepeats(arranged(experiment.arms));
  const [title = [], ...rows] = table(
    [
      { title: 'arm', align: 'left' },
      { title: 'requests', align: 'right' },
      { title: 'failed', align: 'right' },
      { title: 'verdict', align: 'left' },
    ],
    all.map((arm) => [nameCell(arm), ...requestCells(arm), verdictCell(arm)]),
  );
  return [
    ...titleLines(experiment, paint, width),
    '',
    paint('dim', `    ${title.join('  ')}`),
    ...all.flatMap((arm, index) => armLines(arm, rows[index] ?? [], paint, width)),
    ...strengthLines(experiment, width),
  ];
}

/** The title beside the name if it fits in the line, otherwise below it. */
function titleLines(experiment: ExperimentFindings, paint: Paint, width: number): string[] {
  const [name, title] = [printable(experiment.name), printable(experiment.title)];
  if (name.length + 2 + title.length <= width) return [paint('bold', name) + paint('dim', `  ${title}`)];
  return [paint('bold', name), ...wrapped(title, width - 4).map((line) => `    ${paint('dim', line)}`)];
}

const nameCell = ({ name, runs }: Runs): string => printable(runs.length > 1 ? `${name} ×${runs.length}` : name);

const requestCells = ({ total, failed }: Runs): [string, string] =>
  total === 0 ? ['none', '–'] : [count(total), count(failed)];

/** `lost, as expected`; `2 fail of 20` if its runs have different verdicts. */
function verdictCell({ runs, worst }: Runs): string {
  const same = runs.filter(({ verdict }) => verdict === worst.verdict).length;
  const { word } = outcome(worst);
  return same === runs.length ? word : `${same} ${word} of ${runs.length}`;
}

/** The observations of an arm; for an arm without requests also the placement of its pods. */
const seenIn = (arm: ArmFindings): string =>
  [arm.requests.total === 0 && arm.story ? arm.measured : '', observed(arm)]
    .filter((words) => words !== '')
    .join(' · ');

function armLines({ worst, runs, byCause }: Runs, cells: readonly string[], paint: Paint, width: number): string[] {
  const { mark } = outcome(worst);
  const [name = '', requests = '', failed = '', word = ''] = cells;
  const says = wrapped(printable(worst.says), width - 6);
  const causes = printable(causesInWords(byCause));
  const lines = [
    `  ${paint(colors[mark], glyphs[mark])} ${paint('bold', name)}  ${requests}  ${failed}  ${paint(colors[mark], word)}`,
    ...says.map((line) => paint('dim', `      ${line}`)),
  ];
  const seen = printable(seenIn(worst));
  // The details are of the worst run.
  const observations = seen !== '' && runs.length > 1 ? `${printable(worst.name)}: ${seen}` : seen;
  const measured = worst.role === 'treatment' ? measuresInWords(worst).map(printable) : [];
  const more = [causes, observations, ...measured].filter((text) => text !== '');
  return [...lines, ...more.flatMap((text) => wrapped(text, width - 6)).map((line) => `      ${line}`)];
}

function strengthLines(experiment: ExperimentFindings, width: number): string[] {
  const treatments = experiment.arms.filter((arm) => arm.role === 'treatment');
  const exposure = exposureOfTreatments(treatments);
  const lines = [
    ...(experiment.strength ? hanging('  strength  ', printable(experiment.strength), width) : []),
    ...(exposure ? hanging('  exposure  ', exposure, width) : []),
    ...marginsInWords(closest(treatments)).flatMap((words) => hanging('  margin    ', printable(words), width)),
  ];
  return lines.length > 0 ? ['', ...lines] : [];
}

function doubtLines(
  { experiment, arm, finding, part }: Doubt,
  run: NamedRun,
  folder: string,
  paint: Paint,
  width: number,
): string[] {
  const first = firstEvidence(finding);
  const evidence = first && (first.at === undefined ? first.text : `${clockTime(first.at)}  ${first.text}`);
  return [
    ...headingLines(finding, printable(arm ?? experiment), paint, width),
    ...hanging('    expected  ', printable(finding.expected), width),
    ...hanging('    measured  ', printable(finding.measured), width),
    ...(evidence ? hanging('    evidence  ', printable(evidence), width) : []),
    `    see       ${printable(whereToLook(finding, run, `${folder}/${part}`, arm))}`,
  ];
}

/** Verdict and check; the arm or experiment beside them if it fits in the line, otherwise below them. */
function headingLines(finding: Finding, subject: string, paint: Paint, width: number): string[] {
  const { verdict } = finding;
  const label = `${glyphs[verdict]} ${verdict}`;
  const [first = '', ...more] = hanging(`${label}  `, printable(checkInWords(finding)), width);
  const fits = more.length === 0 && first.length + 2 + subject.length <= width;
  return [
    `${paint(colors[verdict], label)}${paint('bold', first.slice(label.length))}${fits ? paint('dim', `  ${subject}`) : ''}`,
    ...more.map((line) => paint('bold', line)),
    ...(fits ? [] : [`    ${paint('dim', subject)}`]),
  ];
}

const row = (label: string, text: string | undefined): [string, string][] =>
  text === undefined ? [] : [[label, text]];

function ways(findings: RunFindings, run: NamedRun, folder: string, paint: Paint): string[] {
  const failed = findings.experiments.some((experiment) => experiment.arms.some((arm) => arm.requests.failed > 0));
  const rows: [string, string][] = [
    ['took', longDuration(findings.durationMs)],
    ['report', `${folder}/report.html`],
    ...row('requests', failed ? printFailed(run) : undefined),
    ...row('judge', judgeAgain(run)),
    ...row('repeat', runAgain(findings.plan)),
  ];
  return rows.map(([label, text]) => paint('dim', `  ${label.padEnd(10)}`) + printable(text));
}
