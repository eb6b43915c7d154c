import assert from 'node:assert/strict';
import type { Manifest } from '../../harness/model/manifest.ts';
import type { ExperimentPlan } from '../../harness/model/plan.ts';
import { controls, hostileText } from '../testing/hostile.ts';
import { planWithObjects, withWorkload } from '../testing/plan-with-objects.ts';
import { unisolated } from '../testing/unisolated.ts';
import { objects } from './objects.ts';

const shown = (plan: ExperimentPlan): string => unisolated(objects(plan).text);

/** The cells of the rows of all tables, without the heads. */
const rowsOf = (text: string): string[][] =>
  [...text.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)]
    .map(([, row = '']) =>
      [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => cell.replace(/<[^>]*>/g, '')),
    )
    .filter((cells) => cells.length > 0);

const hook = 'spec.template.spec.containers[server].lifecycle';
const notRecorded = 'The objects were not recorded.';

describe('the objects of the arms in report.html', () => {
  it('are shown as differences from the workload, control first, repeats once', () => {
    const [differences = ''] = shown(planWithObjects).split('<h3>Changed for the lab');
    assert.deepEqual(rowsOf(differences), [
      ['control the workload as it is'],
      ['no difference'],
      ['without-hook no preStop hook'],
      ['Deployment web', hook, '{ preStop: { sleep: { seconds: 5 } } }', '–'],
    ]);
  });

  it('are shown as a whole if one side does not have them', () => {
    const budget: Manifest = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web' },
      spec: { minAvailable: 2 },
    } as Manifest;
    const more = withWorkload(planWithObjects, 'control', (workload) => ({
      ...workload,
      objects: [...(workload.objects ?? []), budget],
    }));
    assert.deepEqual(rowsOf(shown(more))[1], [
      'PodDisruptionBudget web',
      'whole object',
      '–',
      '{ spec: { minAvailable: 2 } }',
    ]);
  });

  it('are not compared if those of the workload or of an arm were not recorded', () => {
    const withoutArm = withWorkload(planWithObjects, 'control', (workload) => ({ ...workload, objects: null }));
    for (const plan of [{ ...planWithObjects, objects: null }, withoutArm]) {
      assert.equal(shown(plan).split(notRecorded).length, 2);
      assert.doesNotMatch(shown(plan), /no difference|lifecycle/);
    }
    assert.ok(!shown(planWithObjects).includes(notRecorded));
  });

  it('have what was changed for the lab once if it is equal for all arms', () => {
    const [, changed = ''] = shown(planWithObjects).split('<h3>Changed for the lab');
    assert.match(changed, /in the objects of every arm. No check uses them\./);
    assert.deepEqual(rowsOf(changed), [
      ['all objects', 'metadata.namespace', 'each arm has a namespace of its own'],
      ['Deployment web', 'spec.template.spec.containers[server].image', 'the lab has no registry'],
    ]);
  });

  it('have what was changed for the lab by arm if it differs', () => {
    const other = withWorkload(planWithObjects, 'without-hook', (workload) => ({ ...workload, changedForLab: [] }));
    const [, changed = ''] = shown(other).split('<h3>Changed for the lab');
    assert.deepEqual(
      rowsOf(changed).map(([first]) => first),
      ['control', 'all objects', 'Deployment web', 'without-hook', 'no change'],
    );
    const none = withWorkload(other, 'control', (workload) => ({ ...workload, changedForLab: [] }));
    assert.doesNotMatch(shown(none), /Changed for the lab/);
  });

  it('are escaped, and long ones are cut', () => {
    const evil = hostileText.repeat(10_000);
    const said: ExperimentPlan = JSON.parse(JSON.stringify(planWithObjects), (key, value) =>
      typeof value === 'string' && key !== 'role' && key !== 'repeats' ? hostileText : value,
    );
    const evilObject = (value: string): Manifest =>
      ({
        apiVersion: evil,
        kind: evil,
        metadata: { name: evil },
        [evil]: value,
        data: { [evil]: { [evil]: value } },
      }) as Manifest;
    const hostile: ExperimentPlan = {
      ...said,
      objects: [evilObject(evil)],
      arms: said.arms.map((arm, index) => ({
        ...arm,
        name: `${arm.name}${index}`,
        workload: {
          ...arm.workload,
          objects: [evilObject(`${evil}${index}`), ...(arm.workload.objects ?? [])],
          changedForLab: [{ object: evil, field: evil, why: evil }],
        },
      })),
    };
    const { text } = objects(hostile);
    assert.doesNotMatch(text, controls);
    assert.doesNotMatch(text, /<(?:img|svg|iframe|script|style)|<\/(?:script|style)/);
    assert.ok(text.length < 100_000, `${text.length} characters`);
    assert.match(text, /… \([\d,]+ characters\)/);
  });
});
