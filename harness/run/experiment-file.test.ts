import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../model/usage-error.ts';
import { attempt } from '../sys/exec.ts';
import { checkoutDir } from '../sys/paths.ts';
import { chooseExperiments } from './experiments.ts';

const whole = `import { experiment, noLoss, specimen, steadyTraffic } from 'holdfast';

export default experiment({
  name: 'own',
  title: 'An experiment of a user',
  question: 'Is it found?',
  workload: specimen({ startDelayMs: 500 }),
  traffic: steadyTraffic({ freshPerSecond: 20, keptAlivePerSecond: 20 }),
  phases: { warmupMs: 1000, baselineMs: 1000, quietMs: 1000, tailMs: 1000 },
  arms: { control: { role: 'control', disruptions: [], expect: noLoss() } },
});
`;

describe('an experiment outside the checkout', () => {
  let root: string;
  const write = (name: string, text: string): string => {
    writeFileSync(join(root, name), text);
    return join(root, name);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-experiment-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is found by its path, and imports holdfast by name', async () => {
    const [own, ...more] = await chooseExperiments([write('own.ts', whole)]);
    assert.equal(own?.title, 'An experiment of a user');
    assert.deepEqual(more, []);
  });

  it('is every file of a folder except tests, declarations and subfolders', async () => {
    write('own.ts', whole);
    write('another.ts', whole.replace("'own'", "'another'"));
    write('own.test.ts', 'throw new Error()');
    write('own.d.ts', 'export {}');
    write('notes.md', '');
    mkdirSync(join(root, 'helpers'));
    writeFileSync(join(root, 'helpers', 'rates.ts'), 'export const rate = 1;');
    const names = (await chooseExperiments([root, 'rolling-update'])).map(({ name }) => name);
    assert.deepEqual(names, ['another', 'own', 'rolling-update']);
  });

  for (const [what, name, text, says] of [
    [
      'TypeScript that is wrong',
      'own.ts',
      'const a: number = 1;\nexport default { a b };',
      /\/own\.ts:2: SyntaxError: /,
    ],
    ['TypeScript that Node does not run', 'own.ts', '\nenum A { B }', /\/own\.ts:2: SyntaxError: .*enum/],
    ['JavaScript that is wrong', 'own.mjs', '\n\nexport default { a b };', /\/own\.mjs:3: SyntaxError: /],
    [
      'an import that is not there',
      'own.ts',
      "import { drainAll } from 'holdfast';\nexport default drainAll;",
      /\/own\.ts:1: SyntaxError: .*drainAll/,
    ],
    ['a package that is not there', 'own.ts', "import 'no-such';", /\/own\.ts: Error: Cannot find package 'no-such'/],
    ['an error when it is imported', 'own.ts', '\n\nthrow new TypeError("no");', /\/own\.ts:3:7: TypeError: no$/],
    ['no default export', 'own.ts', 'export const a = 1;', /\/own\.ts: no default export\. .*export default/],
    ['what is no object', 'own.ts', 'export default 1;', /\/own\.ts: the experiment: Invalid input: expected object/],
    [
      'a mistyped field',
      'own.ts',
      whole.replace('title:', 'titel:'),
      /\/own\.ts: experiment own: Unrecognized key: "titel"; title: /,
    ],
    [
      'a mistyped condition of the lab',
      'own.ts',
      whole.replace("role: 'control'", "role: 'control', lab: { busy: 5 }"),
      /\/own\.ts: experiment own: arms\.control\.lab: Unrecognized key: "busy"/,
    ],
    [
      'what is no change',
      'own.ts',
      whole.replace("role: 'control'", "role: 'control', changes: [{ preStop: 5 }]"),
      /\/own\.ts: experiment own: arms\.control\.changes\.0: /,
    ],
    [
      'a field that experiment() did not see',
      'own.ts',
      whole.replace('export default experiment(', 'export default (').replace('workload:', 'claims: 1, workload:'),
      /\/own\.ts: experiment own: claims: /,
    ],
    [
      'another name',
      'own.ts',
      whole.replace("'own'", "'other'"),
      /\/own\.ts: the experiment is named other\. Name it after its file: own$/,
    ],
    [
      'a name that no namespace can have',
      'own.ts',
      whole.replace("'own'", "'My own'"),
      /\/own\.ts: experiment My own: name: must start with a letter/,
    ],
  ] as const)
    it(`is refused with its place: ${what}`, async () => {
      await assert.rejects(
        chooseExperiments([write(name, text)]),
        (error) => error instanceof UsageError && says.test(error.message) && !error.message.includes('\n'),
      );
    });

  it('is refused if there is none, or two have the same name', async () => {
    const refused = (words: string[], says: RegExp) =>
      assert.rejects(chooseExperiments(words), (error) => error instanceof UsageError && says.test(error.message));
    await refused([join(root, 'gone.ts')], /gone\.ts: no such file or folder/);
    await refused([root], /: this folder contains no experiment/);
    await refused([write('own.txt', '')], /own\.txt: the name of an experiment file must end in \.ts/);
    await refused(
      ['unknown'],
      /there is no experiment unknown\. Experiments: .*type its path, such as \.\/unknown\.ts/,
    );
    const own = write('own.ts', whole);
    await refused([own, own], /two experiments have the name own/);
  });

  it('ends the command with exit code 2 and one line if it is broken', async () => {
    const main = join(checkoutDir(), 'harness/cli/main.ts');
    const broken = write('own.ts', 'export default {');
    for (const command of [['plan'], ['run']]) {
      const signal = AbortSignal.timeout(60_000);
      const { exitCode, stderr } = await attempt(process.execPath, [main, ...command, broken], { signal });
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, /^holdfast: .*own\.ts:1: SyntaxError: .*$/);
    }
  }).timeout(60_000);
});
