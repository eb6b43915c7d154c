import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { checkoutDir } from './sys/paths.ts';
import { circlesIn, graphOf } from './testing/import-circles.ts';

/** The layers, and what each may import besides itself. A file belongs to the first layer that matches its path. */
const layers: readonly { readonly layer: string; readonly mayImport: readonly string[] }[] = [
  { layer: 'harness/model/', mayImport: [] },
  { layer: 'harness/guarantees/', mayImport: ['harness/model/'] },
  { layer: 'harness/plan/', mayImport: ['harness/model/', 'harness/guarantees/'] },
  { layer: 'harness/sys/', mayImport: ['harness/model/'] },
  { layer: 'harness/recording/', mayImport: ['harness/model/', 'harness/guarantees/', 'harness/sys/'] },
  { layer: 'harness/witness/', mayImport: ['harness/model/'] },
  { layer: 'harness/record/', mayImport: ['harness/model/', 'harness/sys/', 'harness/recording/', 'harness/witness/'] },
  {
    layer: 'harness/judge/',
    mayImport: ['harness/model/', 'harness/guarantees/', 'harness/recording/', 'harness/witness/'],
  },
  {
    layer: 'harness/run/',
    mayImport: [
      'harness/model/',
      'harness/guarantees/',
      'harness/plan/',
      'harness/sys/',
      'harness/record/',
      'harness/recording/',
      'harness/judge/',
    ],
  },
  // The simulator shares nothing with the judge that it tests.
  { layer: 'harness/testing/worlds/', mayImport: ['harness/model/'] },
  {
    layer: 'harness/testing/drill/',
    mayImport: ['harness/model/', 'harness/guarantees/', 'harness/sys/', 'harness/plan/', 'harness/record/'],
  },
  { layer: 'harness/testing/', mayImport: ['harness/'] },
  { layer: 'harness/mocha/', mayImport: ['harness/model/', 'harness/sys/', 'harness/run/'] },
  { layer: 'harness/cli/', mayImport: ['harness/', 'clusters/', 'reports/'] },
  // The exports of the package: the vocabulary, and an experiment as a mocha suite.
  {
    layer: 'harness/index.ts',
    mayImport: [
      'harness/model/',
      'harness/guarantees/',
      'harness/record/fault/faults.ts',
      'harness/run/check-experiment.ts',
      'experiments/workloads/specimen.ts',
    ],
  },
  { layer: 'harness/suite.ts', mayImport: ['harness/', 'clusters/'] },
  { layer: 'harness/', mayImport: ['harness/sys/'] },
  { layer: 'experiments/workloads/', mayImport: ['harness/model/', 'harness/guarantees/'] },
  { layer: 'experiments/', mayImport: ['harness/index.ts', 'experiments/workloads/'] },
  { layer: 'reports/testing/', mayImport: ['harness/judge/', 'harness/model/'] },
  {
    layer: 'reports/',
    mayImport: ['harness/model/', 'harness/guarantees/', 'harness/sys/files/', 'harness/sys/terminal.ts'],
  },
  { layer: 'bench/', mayImport: ['harness/', 'clusters/'] },
  { layer: 'tasks/', mayImport: ['harness/'] },
  {
    layer: 'clusters/',
    mayImport: [
      'harness/model/',
      'harness/sys/clock.ts',
      'harness/sys/environment.ts',
      'harness/sys/files/',
      'harness/sys/paths.ts',
      'harness/sys/state-file.ts',
      'harness/sys/terminal.ts',
    ],
  },
];

/** Packages that only one file or folder may load. Imports of types do not count. */
const loaders: { readonly [name: string]: string } = {
  execa: 'harness/sys/exec.ts',
  '@kubernetes/client-node': 'harness/sys/kube.ts',
  zx: 'clusters/',
  commander: 'harness/cli/',
  mocha: 'harness/mocha/',
};

interface Import {
  readonly file: string;
  readonly of: string;
  readonly typeOnly: boolean;
}

const files = globSync('{harness,experiments,clusters,reports,bench,tasks}/**/*.ts', { cwd: checkoutDir() }).filter(
  (file) => !file.includes('node_modules'),
);

const importsOf = (file: string): Import[] => {
  const source = readFileSync(join(checkoutDir(), file), 'utf8');
  const statements = source.matchAll(
    /^(?:import|export)\s+(type\s)?[^;'"`]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
  );
  return [...statements].map(([, type, from, dynamic]) => {
    const name = from ?? dynamic ?? '';
    const of = name.startsWith('.') ? normalize(join(dirname(file), name)) : name;
    return { file, of, typeOnly: type !== undefined };
  });
};

const all = files.flatMap(importsOf);
/** Imports between files, those of types included. */
const ownImports = all.filter(({ of }) => files.includes(of));
const isTest = (file: string) => file.endsWith('.test.ts');
const isTesting = (file: string) => /(?:^|\/)testing\//.test(file);
const mayImportTesting = /\.test\.ts$|^bench\/|^tasks\/|^harness\/cli\/test\//;
const ours = (name: string) => /^(harness|experiments|clusters|reports|bench|tasks)\//.test(name);
const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

describe('layers', () => {
  it('are tested on the imports of the source code', () => {
    assert.ok(all.some(({ file, of }) => file === 'harness/sys/exec.ts' && of === 'execa'));
    assert.ok(all.some(({ file, of }) => file === 'harness/cli/run.ts' && of === 'harness/cli/run-named.ts'));
    assert.ok(all.length > 100, `${all.length} imports`);
  });

  it('import only layers that they may import', () => {
    const wrong = all.filter(({ file, of }) => {
      if (!ours(of)) return false;
      const own = layers.find(({ layer }) => file.startsWith(layer));
      return !own || !(of.startsWith(own.layer) || own.mayImport.some((allowed) => of.startsWith(allowed)));
    });
    // A test may import its samples from any layer.
    const real = wrong.filter(({ file }) => !isTest(file));
    assert.deepEqual(
      real.map(({ file, of }) => `${file} imports ${of}`),
      [],
    );
  });

  it('import folders named testing/ only in tests, benches, tasks and the test command', () => {
    const wrong = all.filter(({ file, of }) => isTesting(of) && !isTesting(file) && !mayImportTesting.test(file));
    assert.deepEqual(
      wrong.map(({ file, of }) => `${file} imports ${of}`),
      [],
    );
  });

  it('have no import circle of files', () => {
    assert.ok(ownImports.length > 1000, `${ownImports.length} imports between files`);
    const circles = circlesIn(graphOf(ownImports.map(({ file, of }) => [file, of])));
    assert.deepEqual(
      circles.map((circle) => [...circle, circle[0]].join(' imports ')),
      [],
    );
  });

  it('have no import circle of folders', () => {
    // A test may import its samples from any folder.
    const between = ownImports.filter(({ file, of }) => !isTest(file) && !isTest(of));
    const circles = circlesIn(graphOf(between.map(({ file, of }) => [dirname(file), dirname(of)])));
    assert.deepEqual(
      circles.map((circle) =>
        circle.flatMap((folder, index) => {
          const next = circle[index + 1] ?? circle[0];
          return between
            .filter(({ file, of }) => dirname(file) === folder && dirname(of) === next)
            .map(({ file, of }) => `${file} imports ${of}`);
        }),
      ),
      [],
    );
  });

  it('load some packages only in one place', () => {
    const wrong = all.filter(({ file, of, typeOnly }) => {
      const loader = loaders[packageOf(of)];
      return loader !== undefined && !typeOnly && !file.startsWith(loader);
    });
    assert.deepEqual(
      wrong.map(({ file, of }) => `${file} imports ${of}`),
      [],
    );
  });
});
