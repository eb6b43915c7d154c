import type { ArmFindings, ExperimentFindings, RunFindings } from '../../harness/model/finding.ts';
import { arranged } from '../words/arrange.ts';
import { causesInWords } from '../words/cause.ts';
import { judgeAgain, printFailed, runAgain } from '../words/command.ts';
import { type Doubt, doubts, firstEvidence } from '../words/doubt.ts';
import { margins, marginsInWords } from '../words/margin.ts';
import { clockTime, count, longDuration } from '../words/number.ts';
import { observed } from '../words/observed.ts';
import { outcome, verdictWord } from '../words/outcome.ts';
import { hanging, printable, table, wrapped } from './layout.ts';
import { colors, glyphs, type Paint, painter } from './paint.ts';

export interface Screen {
  readonly color: boolean;
  /** In characters. */
  readonly width: number;
  /** Where the run's files lie, as a person would type it. */
  readonly folder: string;
}

/** What stays on the screen after a run: verdict, arms, doubts, strength, where to look. */
export function summary(findings: RunFindings, screen: Screen): string {
  const paint = painter(screen.color);
  const width = Math.max(40, Math.min(screen.width, 110));
  const parts = [
    headline(findings, paint, width),
    ...findings.experiments.map((experiment) => experimentLines(experiment, paint, width)),
    ...doubts(findings).map((doubt) => doubtLines(doubt, screen.folder, paint, width)),
    ways(findings, screen.folder, paint),
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
  const arms = arranged(experiment.arms);
  const [title = [], ...rows] = table(
    [
      { title: 'arm', align: 'left' },
      { title: 'requests', align: 'right' },
      { title: 'failed', align: 'right' },
      { title: 'verdict', align: 'left' },
    ],
    arms.map((arm) => [arm.name, ...requestCells(arm), outcome(arm).word]),
  );
  return [
    paint('bold', experiment.name) + paint('dim', `  ${printable(experiment.title)}`),
    '',
    paint('dim', `    ${title.join('  ')}`),
    ...arms.flatMap((arm, index) => armLines(arm, rows[index] ?? [], paint, width)),
    ...strengthLines(experiment, width),
  ];
}

const requestCells = ({ requests }: ArmFindings): [string, string] =>
  requests.total === 0 ? ['none', '–'] : [count(requests.total), count(requests.failed)];

function armLines(arm: ArmFindings, cells: readonly string[], paint: Paint, width: number): string[] {
  const { mark } = outcome(arm);
  const [name = '', requests = '', failed = '', word = ''] = cells;
  const says = wrapped(printable(arm.says), width - 6);
  const causes = causesInWords(arm.requests.byCause);
  const lines = [
    `  ${paint(colors[mark], glyphs[mark])} ${paint('bold', name)}  ${requests}  ${failed}  ${paint(colors[mark], word)}`,
    ...says.map((line) => paint('dim', `      ${line}`)),
  ];
  const more = [causes, printable(observed(arm))].filter((text) => text !== '');
  return [...lines, ...more.flatMap((text) => wrapped(text, width - 6)).map((line) => `      ${line}`)];
}

function strengthLines(experiment: ExperimentFindings, width: number): string[] {
  const treatment = experiment.arms.find((arm) => arm.role === 'treatment');
  const lines = [
    ...(experiment.strength ? hanging('  strength  ', printable(experiment.strength), width) : []),
    ...(treatment ? marginsInWords(margins(treatment)).flatMap((words) => hanging('  margin    ', words, width)) : []),
  ];
  return lines.length > 0 ? ['', ...lines] : [];
}

function doubtLines({ experiment, arm, finding, part }: Doubt, folder: string, paint: Paint, width: number): string[] {
  const { verdict } = finding;
  const first = firstEvidence(finding);
  const evidence = first && (first.at === undefined ? first.text : `${clockTime(first.at)}  ${first.text}`);
  return [
    `${paint(colors[verdict], `${glyphs[verdict]} ${verdict}`)}  ${paint('bold', printable(finding.check))}${paint('dim', `  ${arm ?? experiment}`)}`,
    ...hanging('    expected  ', printable(finding.expected), width),
    ...hanging('    measured  ', printable(finding.measured), width),
    ...(evidence ? hanging('    evidence  ', printable(evidence), width) : []),
    `    look at   ${folder}/${part}`,
  ];
}

function ways(findings: RunFindings, folder: string, paint: Paint): string[] {
  const { plan } = findings;
  const failed = findings.experiments.some((experiment) => experiment.arms.some((arm) => arm.requests.failed > 0));
  const rows: [string, string][] = [
    ['took', longDuration(findings.durationMs)],
    ['report', `${folder}/report.html`],
    ...(failed ? ([['requests', printFailed(plan)]] as [string, string][]) : []),
    ['judge', judgeAgain(plan)],
    ['again', runAgain(plan)],
  ];
  return rows.map(([label, text]) => paint('dim', `  ${label.padEnd(10)}`) + text);
}
