import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guarantees } from '../guarantees/registry.ts';
import { eventSources, eventsSchema, phaseMarks } from '../model/event.ts';
import { checkoutDir } from '../sys/paths.ts';
import { armSettings, syntheticArm, syntheticPlan } from '../testing/worlds/run-files.ts';
import { readableArms } from './upgrade/arm.ts';
import { readablePlans } from './upgrade/plan.ts';

/** The text below a heading, up to the next heading of its level. */
function section(text: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0] ?? '';
  const [, below = ''] = text.split(`\n${heading}\n`);
  return below.split(new RegExp(`\\n#{1,${level.length}} `))[0] ?? '';
}

describe('docs/recording.md', () => {
  const text = readFileSync(join(checkoutDir(), 'docs', 'recording.md'), 'utf8');
  const events = section(text, '## Events');

  it('names every source of events, in its own section or in the section of its types', () => {
    const table = section(events, '### Sources');
    const rows = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, source]) => source);
    assert.deepEqual(rows.toSorted(), eventSources.toSorted());
    const sections = [...table.matchAll(/^#### (\S+)$/gm)].map(([, source]) => source ?? '');
    assert.deepEqual([...sections, 'phase', 'watch'].toSorted(), eventSources.toSorted());
  });

  it('names every phase', () => {
    const marks = [...section(events, '### Phases').matchAll(/^- \*\*(\w+)\*\*/gm)].map(([, mark]) => mark);
    assert.deepEqual(marks, [...phaseMarks]);
  });

  it('names the current version', () => {
    assert.match(
      section(events, '### Versions'),
      new RegExp(`\\*\\*${eventsSchema}\\*\\* is the version on this page`),
    );
  });

  describe('on plans', () => {
    const plans = section(text, '## plan.json');
    /** The names in bold with which list items begin, and those between them and the types. */
    const namedIn = (heading: string): string[] =>
      [...section(plans, heading).matchAll(/\*\*(\w+)\*\*/g)].map(([, name]) => name ?? '').toSorted();
    const run = syntheticPlan([syntheticArm('treatment', armSettings.treatment, { run: 2 }).plan]);
    const [experiment] = run.experiments;
    const [arm] = experiment?.arms ?? [];

    it('names every field of a run, an experiment, an arm and a workload', () => {
      assert.deepEqual(namedIn('### Run'), Object.keys(run).toSorted());
      assert.deepEqual(namedIn('### Experiment'), [...Object.keys(experiment ?? {}), 'until'].toSorted());
      assert.deepEqual(namedIn('### Arm'), Object.keys(arm ?? {}).toSorted());
      assert.deepEqual(namedIn('### Workload'), Object.keys(arm?.workload ?? {}).toSorted());
    });

    it('names every guarantee', () =>
      assert.deepEqual(namedIn('### Facts'), guarantees.map(({ name }): string => name).toSorted()));

    it('names every version that can be read, the current one first', () => {
      const versions = [...section(plans, '### Versions').matchAll(/^\*\*(\S+)\*\*/gm)].map(([, schema]) => schema);
      assert.deepEqual(versions, readablePlans);
      const ofArms = [...section(text, '## arm.json').matchAll(/^- \*\*(\S+)\*\*/gm)].map(([, schema]) => schema);
      assert.deepEqual(ofArms, [...readableArms, 'holdfast.arm/1']);
    });
  });
});
