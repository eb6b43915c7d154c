import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { commandWords, ownCommand } from '../model/own-command.ts';
import { checkoutDir } from '../sys/paths.ts';

const main = 'harness/cli/main.ts';

/** Compiles a module and all its imports into a folder. As in a package, the types are removed. */
function compile(module: string, into: string, done = new Set<string>()): void {
  if (done.has(module)) return;
  done.add(module);
  const source = stripTypeScriptTypes(readFileSync(join(checkoutDir(), module), 'utf8'));
  const imports = /(from |import\()'(\.{1,2}\/[^']+)\.ts'/g;
  const file = join(into, module.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source.replaceAll(imports, "$1'$2.js'"));
  for (const [, , path = ''] of source.matchAll(imports))
    compile(normalize(join(dirname(module), `${path}.ts`)), into, done);
}

describe('the command in messages to the user', () => {
  let project: string;
  before(() => {
    project = mkdtempSync(join(tmpdir(), 'holdfast-compiled-'));
    compile(main, join(project, 'dist'));
    const assets = 'reports/html/assets';
    cpSync(join(checkoutDir(), assets), join(project, 'dist', assets), { recursive: true });
    writeFileSync(join(project, 'package.json'), readFileSync(join(checkoutDir(), 'package.json')));
    symlinkSync(join(checkoutDir(), 'node_modules'), join(project, 'node_modules'));
  });
  after(() => rmSync(project, { recursive: true }));

  const inCheckout = (...args: readonly string[]) => started(join(checkoutDir(), main), args);
  const inPackage = (...args: readonly string[]) => started(join(project, 'dist/harness/cli/main.js'), args);
  const started = (file: string, args: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [file, ...args], {
      cwd: project,
      encoding: 'utf8',
      env: { ...process.env, HOLDFAST_RUNS: join(project, 'runs') },
    });

  it('is ./holdfast in a checkout and npx holdfast in a package', () => {
    assert.deepEqual(commandWords(false), ['./holdfast']);
    assert.deepEqual(commandWords(true), ['npx', 'holdfast']);
    assert.equal(ownCommand, './holdfast');
  });

  for (const args of [['--help'], ['report', 'no-such-run']])
    it(`is the command of this installation: ${args.join(' ')}`, () => {
      const [checkout, installed] = [inCheckout(...args), inPackage(...args)];
      assert.equal(installed.status, checkout.status, installed.stderr);
      // Line breaks may differ.
      const words = ({ stdout, stderr }: SpawnSyncReturns<string>) => (stdout + stderr).replaceAll(/\s+/g, ' ');
      assert.match(words(checkout), /\.\/holdfast /);
      assert.equal(words(installed), words(checkout).replaceAll('./holdfast', 'npx holdfast'));
    });

  const product = globSync('{harness,clusters,reports}/**/*.ts', { cwd: checkoutDir() }).filter(
    (file) => !/\.(test|fake)\.ts$|\/(testing|sample|synthetic|golden)\//.test(file),
  );

  it('quotes the names and paths after it for a shell', () => {
    const unquoted = /\$\{ownCommand\}[^`.,;:\\\n]*\$\{(?!quoted\()/;
    const source = (line: string) => line.replaceAll('@', '$');
    for (const line of ['Judge it: @{ownCommand} judge @{folder}', '@{ownCommand} heal --context @{context} --yes'])
      assert.match(source(line), unquoted);
    assert.doesNotMatch(source('@{ownCommand} judge @{quoted(folder)}`, `@{ownCommand} heal. @{more}'), unquoted);
    assert.deepEqual(
      product.filter((file) => unquoted.test(readFileSync(join(checkoutDir(), file), 'utf8'))),
      [],
    );
  });

  it('is written in only one place', () => {
    assert.ok(product.length > 300);
    const isComment = (line: string) => /^\s*(\/\*\*|\*|\/\/)/.test(line);
    const naming = product.filter((file) =>
      readFileSync(join(checkoutDir(), file), 'utf8')
        .split('\n')
        .some((line) => !isComment(line) && /\.\/holdfast(?![\w.-])|npx holdfast/.test(line)),
    );
    assert.deepEqual(naming, ['harness/model/own-command.ts']);
  });
});
