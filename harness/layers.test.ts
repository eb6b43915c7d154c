import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { checkoutDir } from './sys/paths.ts';
import { circlesIn, graphOf } from './testing/import-circles.ts';

/** The house, room by room: what each may import. The first that matches a file is its room. */
const rooms: readonly { readonly room: string; readonly mayImport: readonly string[] }[] = [
  { room: 'harness/model/', mayImport: [] },
  { room: 'harness/plan/', mayImport: ['harness/model/'] },
  { room: 'harness/sys/', mayImport: ['harness/model/'] },
  { room: 'harness/recording/', mayImport: ['harness/model/', 'harness/sys/'] },
  { room: 'harness/witness/', mayImport: ['harness/model/'] },
  { room: 'harness/record/', mayImport: ['harness/model/', 'harness/sys/', 'harness/recording/', 'harness/witness/'] },
  { room: 'harness/judge/', mayImport: ['harness/model/', 'harness/recording/', 'harness/witness/'] },
  {
    room: 'harness/run/',
    mayImport: ['harness/model/', 'harness/sys/', 'harness/record/', 'harness/recording/', 'harness/judge/'],
  },
  // The simulator shares nothing with the judge that it tests.
  { room: 'harness/testing/worlds/', mayImport: ['harness/model/'] },
  {
    room: 'harness/testing/drill/',
    mayImport: ['harness/model/', 'harness/sys/', 'harness/plan/', 'harness/record/'],
  },
  { room: 'harness/testing/', mayImport: ['harness/'] },
  { room: 'harness/mocha/', mayImport: ['harness/model/', 'harness/sys/', 'harness/run/'] },
  { room: 'harness/cli/', mayImport: ['harness/', 'clusters/', 'reports/'] },
  // What a package exports: the vocabulary, and a suite of an experiment.
  {
    room: 'harness/index.ts',
    mayImport: [
      'harness/model/',
      'harness/record/fault/faults.ts',
      'harness/run/check-experiment.ts',
      'experiments/workloads/specimen.ts',
    ],
  },
  { room: 'harness/suite.ts', mayImport: ['harness/', 'clusters/'] },
  { room: 'harness/', mayImport: ['harness/sys/'] },
  { room: 'experiments/workloads/', mayImport: ['harness/model/'] },
  { room: 'experiments/', mayImport: ['harness/index.ts', 'experiments/workloads/'] },
  { room: 'reports/testing/', mayImport: ['harness/judge/', 'harness/model/'] },
  { room: 'reports/', mayImport: ['harness/model/', 'harness/sys/files/', 'harness/sys/terminal.ts'] },
  { room: 'bench/', mayImport: ['harness/', 'clusters/'] },
  { room: 'tasks/', mayImport: ['harness/'] },
  {
    room: 'clusters/',
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

/** Packages that only one place may load: types do not count. */
const keepers: { readonly [name: string]: string } = {
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
  it('finds the imports that it is about', () => {
    assert.ok(all.some(({ file, of }) => file === 'harness/sys/exec.ts' && of === 'execa'));
    assert.ok(all.some(({ file, of }) => file === 'harness/cli/run.ts' && of === 'harness/cli/run-named.ts'));
    assert.ok(all.length > 100, `${all.length} imports`);
  });

  it('nothing flows backwards', () => {
    const wrong = all.filter(({ file, of }) => {
      if (!ours(of)) return false;
      const room = rooms.find((each) => file.startsWith(each.room));
      return !room || !(of.startsWith(room.room) || room.mayImport.some((allowed) => of.startsWith(allowed)));
    });
    // A test may take its samples from anywhere.
    const real = wrong.filter(({ file }) => !isTest(file));
    assert.deepEqual(
      real.map(({ file, of }) => `${file} imports ${of}`),
      [],
    );
  });

  it('only tests, benches and the test command import what is in testing/', () => {
    const wrong = all.filter(({ file, of }) => isTesting(of) && !isTesting(file) && !mayImportTesting.test(file));
    assert.deepEqual(
      wrong.map(({ file, of }) => `${file} imports ${of}`),
      [],
    );
  });

  it('no file imports itself through others', () => {
    assert.ok(ownImports.length > 1000, `${ownImports.length} imports between files`);
    const circles = circlesIn(graphOf(ownImports.map(({ file, of }) => [file, of])));
    assert.deepEqual(
      circles.map((circle) => [...circle, circle[0]].join(' imports ')),
      [],
    );
  });

  it('no folder imports itself through others', () => {
    // A test may take its samples from anywhere.
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

  it('each package has one keeper', () => {
    const wrong = all.filter(({ file, of, typeOnly }) => {
      const keeper = keepers[packageOf(of)];
      return keeper !== undefined && !typeOnly && !file.startsWith(keeper);
    });
    assert.deepEqual(
      wrong.map(({ file, of }) => `${file} imports ${of}`),
      [],
    );
  });
});
