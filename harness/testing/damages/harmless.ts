import type { Files } from '../worlds/files.ts';
import { later } from '../worlds/run-files.ts';
import { type Edit, type Edits, lines, oneAfterAnother, phaseStart, replaced, shifted, withEvent } from './edit.ts';
import { inArm } from './passing.ts';

const everywhere = /./;
const events = /events\.ndjson$/;

const renamedFiles =
  (from: RegExp, to: string): Edit =>
  (files) =>
    Object.fromEntries(Object.entries(files).map(([path, all]) => [path.replace(from, to), all]));

/** Moves all times of a recording by whole days: integers, and the decimal seconds of conntrack and rules. */
const daysLater = (days: number): Edit => lines(everywhere, (all) => all.map((line) => later(line, days * 86_400)));

const moreFields = (path: RegExp): Edit =>
  lines(path, (all) => all.map((line) => line.replace(/^\{"at":/, '{"colour":{"deep":["blue",1]},"at":')));

/** Changes after which a passing recording still passes. */
export const harmless: Edits = {
  nothing: (files) => ({ ...files, 'rolling-update/treatment/notes.txt': ['nothing happened'] }),
  'files in another order': (files) => Object.fromEntries(Object.entries(files).reverse()),
  'other pod names': oneAfterAnother(replaced(everywhere, /\bweb-(?=\w+-\w)/g, 'shop-'), renamedFiles(/web-/, 'shop-')),
  'other node names': replaced(everywhere, /(?:holdfast-)?worker(?=\d?")/g, 'machine'),
  'other addresses': replaced(everywhere, /\b10\.244\./g, '172.16.'),
  'another address of the Service': replaced(everywhere, /\b10\.96\.\d+\.\d+/g, '172.31.0.9'),
  'other versions and revisions': oneAfterAnother(
    replaced(everywhere, /"(revision|version|from)":"(v?\d|[\da-f]{10})"/g, '"$1":"$2-rc"'),
    replaced(/requests/, /"(v?\d)"\]$/g, '"$1-rc"]'),
  ),
  'pods without a label `version`': oneAfterAnother(
    replaced(events, /"version":"v?\d"/g, '"version":""'),
    replaced(/requests/, /"v?\d"\]$/g, '""]'),
  ),
  'another namespace': replaced(/\.json$/, /"namespace":\s*"[^"]*"/g, '"namespace":"elsewhere"'),
  'a day ten years later': daysLater(3653),
  'a day in the past': daysLater(-400),
  'the arms in another order': (files) => {
    const plan = JSON.parse(files['plan.json']?.join('\n') ?? '') as { experiments: { arms: unknown[] }[] };
    const experiments = plan.experiments.map((each) => ({ ...each, arms: each.arms.toReversed() }));
    return { ...files, 'plan.json': [JSON.stringify({ ...plan, experiments })] };
  },
  'plans on one line': lines(/\.json$/, (all) => [` ${JSON.stringify(JSON.parse(all.join('\n')))}`]),
  'unknown fields in events': moreFields(events),
  'unknown fields in pod logs': moreFields(/workload/),
  'unknown fields in the clock': moreFields(/clock/),
  'unknown fields in plans': replaced(/\.json$/, /"phases":/g, '"colour":"blue","phases":'),
  'a watch that was interrupted and taken up again': inArm(
    'treatment',
    withEvent((files: Files) => phaseStart(files, 'fault') + 500_000, {
      source: 'watch',
      type: 'interrupted',
      subject: 'pod',
      data: {},
    }),
  ),
  'a gap in a watch before anything was judged': inArm(
    'treatment',
    withEvent((files: Files) => phaseStart(files, 'warmup') + 1000, {
      source: 'watch',
      type: 'gap',
      subject: 'pod',
      data: {},
    }),
  ),
  // Watches are always late. Every check that uses them tolerates more than this.
  'watches 200 ms later': inArm('treatment', shifted(/^events/, 200_000)),
  'watches 200 ms sooner': inArm('treatment', shifted(/^events/, -200_000)),
  'an event that came twice': inArm(
    'treatment',
    lines(/^events/, (all) => all.flatMap((line) => (line.includes('"source":"pod"') ? [line, line] : [line]))),
  ),
  'conntrack that lost two connections, and says so': inArm(
    'treatment',
    lines(/^conntrack/, (all) => {
      const shown = all.filter((line) => line.startsWith('['));
      return [...shown.slice(0, 200), 'WARNING: We have hit ENOBUFS! We are losing events.', ...shown.slice(202)];
    }),
  ),
  'rows in another order': inArm(
    'treatment',
    lines(/^requests-kept/, ([header = '', one = '', other = '', ...rest]) => [header, other, one, ...rest]),
  ),
};
