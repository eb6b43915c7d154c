import assert from 'node:assert/strict';
import type { ExperimentPlan } from '../../harness/model/plan.ts';
import { controls, hostileText } from '../testing/hostile.ts';
import { planWithObjects, withWorkload } from '../testing/plan-with-objects.ts';
import { unisolated } from '../testing/unisolated.ts';
import { settings } from './settings.ts';

const shown = (plan: ExperimentPlan): string => unisolated(settings(plan).text).replaceAll('\u00a0', ' ');

/** The plan with this value of an option in each arm. */
const withOption = (plan: ExperimentPlan, value: string): ExperimentPlan => ({
  ...plan,
  arms: plan.arms.map((arm) => ({ ...arm, workload: { ...arm.workload, options: { [hostileText]: { value } } } })),
});

const cells = (text: string, name: 'th' | 'td'): string[] =>
  [...text.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, cell = '']) => cell);

/** What the line about all arms says. */
const shared = (plan: ExperimentPlan): string[] =>
  shown(plan)
    .match(/<p class="small">(?:All arms|The only arm): (.*)\.<\/p>/)?.[1]
    ?.split('; ') ?? [];

describe('the settings of the arms in report.html', () => {
  it('are a table of those in which arms differ, control first, repeats once', () => {
    const text = shown(planWithObjects);
    assert.equal(cells(text, 'th').length, 2);
    assert.match(cells(text, 'th')[1] ?? '', /preStop/);
    const [control, hook = '', without, none = ''] = cells(text, 'td');
    assert.deepEqual([control, without], ['control', 'without-hook']);
    assert.match(hook, /5 s/);
    assert.match(none, /no/);
  });

  it('are one line for those that all arms share', () => {
    const line = shared(planWithObjects);
    for (const words of [
      'listens 3 s after its start',
      'workMs 0',
      '0 busy workers',
      'scheduler default-scheduler',
      'requests/s 40 fresh, 20 kept alive',
      'time-out 2 s',
    ])
      assert.ok(line.includes(words), `${words}: ${line.join('; ')}`);
    assert.ok(line.some((words) => /\b3\b.*replica|replica.*\b3\b/.test(words)));
    assert.ok(!line.some((words) => /preStop|budget|affinity/i.test(words)), line.join('; '));
  });

  it('have no table if there is only one arm', () => {
    const alone = { ...planWithObjects, arms: planWithObjects.arms.filter(({ name }) => name === 'control') };
    assert.doesNotMatch(shown(alone), /<table/);
    assert.match(shown(alone), /The only arm: .*preStop/);
  });

  it('have a column for each option, condition of the lab and kind of traffic that differs', () => {
    const plan = withWorkload(planWithObjects, 'without-hook', (workload) => ({
      ...workload,
      options: { startDelay: { value: 0, words: 'listens at once' } },
    }));
    const other: ExperimentPlan = {
      ...plan,
      arms: plan.arms.map((arm) =>
        arm.name === 'without-hook'
          ? { ...arm, traffic: null, lab: { busyWorkers: 2, scheduler: 'no-spread' as const } }
          : arm,
      ),
    };
    const titles = cells(shown(other), 'th').slice(2);
    assert.deepEqual(titles, ['startDelay', 'workMs', 'busy workers', 'scheduler', 'requests/s', 'time-out']);
    const values = cells(shown(other), 'td');
    assert.deepEqual(values.slice(-6), ['listens at once', '–', '2', 'no-spread', 'no traffic', '–']);
  });

  it('are escaped', () => {
    const said: ExperimentPlan = JSON.parse(JSON.stringify(planWithObjects), (key, value) =>
      typeof value === 'string' && !['role', 'repeats', 'type'].includes(key) ? hostileText : value,
    );
    const { text } = settings(withOption(said, hostileText));
    assert.doesNotMatch(text, controls);
    assert.doesNotMatch(text, /<(?:img|svg|iframe|script|style)|<\/(?:script|style)/);
    assert.ok(text.includes('&lt;img'));
  });

  it('have values of options that are cut if they are long', () => {
    const text = shown(withOption(planWithObjects, 'x'.repeat(1_000_000)));
    assert.ok(text.length < 5000, `${text.length} characters`);
    assert.match(text, /x… \(1,000,000 characters\)/);
  });

  it('are shown of a plan without arms', () => {
    assert.equal(shown({ ...planWithObjects, arms: [] }).trim(), '<h3>Settings: shop-rollout</h3>');
  });
});
