import { createHash } from 'node:crypto';
import type { ExperimentFindings, RunFindings } from '../../harness/model/finding.ts';
import { readOwnFile } from '../../harness/sys/files/system.ts';
import { verdictWord } from '../words/outcome.ts';
import { arms } from './arms.ts';
import { closeup } from './closeup.ts';
import { doubtList } from './doubt-list.ts';
import { failedRequests } from './failed-requests.ts';
import { guarantees } from './guarantees.ts';
import { banner, headline } from './headline.ts';
import { causeTextures } from './markup/cause-mark.ts';
import { isolated, Markup, markup, nothing } from './markup/markup.ts';
import { timeline } from './timeline.ts';
import { validity } from './validity.ts';
import { versions } from './versions.ts';

const style = ['page', 'chart', 'figure', 'narrow', 'print']
  .map((name) => readOwnFile(new URL(`./assets/${name}.css`, import.meta.url)))
  .join('\n');
const script = `\n${readOwnFile(new URL('./assets/timeline.js', import.meta.url))}`;
const scriptHash = createHash('sha256').update(script).digest('base64');
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'`;

/** One file that needs no network and no fonts, and is complete without its script. */
export function html(findings: RunFindings): string {
  const { experiments } = findings;
  const body: readonly Section[] = [
    ['doubts', 'Why this run did not pass', doubtList(findings)],
    ['guarantees', 'Guarantees', guarantees(findings)],
    ...experiments.flatMap((each, index) => pictures(each, index, findings)),
    ['failed', 'Failed requests', failedRequests(findings)],
    ['validity', 'Validity', validity(findings)],
    ['versions', 'Versions', versions(findings)],
  ];
  const shown = body.filter(([, , section]) => section.text !== nothing.text);
  const title = `${verdictWord[findings.verdict]} · ${experiments.map(({ name }) => name).join(', ')} · holdfast`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<svg width="0" height="0" class="hidden" aria-hidden="true"><defs>${textures}${causeTextures}</defs></svg>
<div class="page">
${banner(
  findings,
  shown.flatMap(([id, name]) => (name === '' ? [] : [[id, name] as const])),
)}
<main>${headline(findings)}
${shown.map(([, , section]) => section)}</main>
<footer><span>holdfast ${isolated(findings.plan.holdfast.version)}</span> <span>run ${isolated(findings.plan.run)}</span> <span>exit ${findings.exitCode}</span></footer>
</div>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

type Section = readonly [id: string, name: string, section: Markup];

/** The figures of one experiment. With several experiments, each has one entry in the banner. */
function pictures(experiment: ExperimentFindings, index: number, { plan, experiments }: RunFindings): Section[] {
  const alone = experiments.length === 1;
  return [
    [`arms-${index}`, alone ? 'Arms' : experiment.name, arms(experiment, index, plan)],
    [`close-up-${index}`, alone ? 'Close-up' : '', closeup(experiment, index, plan)],
    [`timeline-${index}`, alone ? 'Timeline' : '', timeline(experiment, index, plan)],
  ];
}

const textures = new Markup(
  '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" class="paper"/><path d="M-1 7L7-1M-1 1L1-1M5 7L7 5" class="hatching"/></pattern>' +
    '<pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" class="paper"/><circle cx="1.5" cy="1.5" r=".8" class="dot"/></pattern>',
);
