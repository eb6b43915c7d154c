import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { attempt, exec } from '../sys/exec.ts';
import { checkoutDir } from '../sys/paths.ts';

const modules = join(checkoutDir(), 'node_modules');

/** This needs no cluster, but a minute to compile: too long for the hermetic tests. */
describe('the package', () => {
  let root: string;
  let project: string;

  before(async function () {
    this.timeout(600_000);
    root = mkdtempSync(join(tmpdir(), 'holdfast-package-'));
    project = join(root, 'project');
    await exec(process.execPath, [join(checkoutDir(), 'tasks/build-package.ts')], { timeoutMs: 500_000 });
    await exec('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', root], { cwd: checkoutDir() });
    const [tarball = assert.fail('npm pack wrote nothing')] = readdirSync(root).filter((name) => name.endsWith('.tgz'));
    await install(tarball);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  /**
   * Installs as `npm install TARBALL` does, without a registry: the dependencies are linked, and nothing else is there.
   */
  async function install(tarball: string): Promise<void> {
    const own = join(project, 'node_modules/holdfast');
    mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
    mkdirSync(own);
    await exec('tar', ['-xzf', join(root, tarball), '-C', own, '--strip-components', '1']);
    const { dependencies, bin } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      const link = join(project, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(modules, name), link);
    }
    symlinkSync(join('../holdfast', bin.holdfast), join(project, 'node_modules/.bin/holdfast'));
  }

  /** Runs the holdfast that is installed in the project. */
  const holdfast = (...args: string[]) => inProject('node_modules/.bin/holdfast', ...args);

  async function inProject(program: string, ...args: string[]) {
    const script = `cd "$0" && exec "$@"`;
    const signal = AbortSignal.timeout(120_000);
    return attempt('sh', ['-c', script, project, process.execPath, join(project, program), ...args], { signal });
  }

  async function passes(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await holdfast(...args);
    assert.equal(exitCode, 0, `${stdout}${stderr}`);
    return stdout;
  }

  it('has every command in an empty project', async () => {
    const help = await passes('--help');
    for (const command of ['run', 'plan', 'init', 'list', 'describe', 'judge', 'cluster', 'doctor'])
      assert.match(help, new RegExp(`^  ${command} `, 'm'));
    assert.match(await passes('--version'), /^\d+\.\d+\.\d+$/);
    assert.match(await passes('--help'), /^ {2}npx holdfast run rolling-update /m);
    assert.match(await passes('list', 'experiments'), /^rolling-update /m);
    assert.match(await passes('describe', 'fault', 'drain'), /retryMs/);
    assert.match(await passes('plan', 'rolling-update'), /^rolling-update: /);
  }).timeout(120_000);

  it('plans a first experiment, and refuses a broken one', async () => {
    await passes('init');
    assert.match(await passes('plan', './first-experiment.ts'), /^first-experiment: A rolling update loses no request/);
    writeFileSync(join(project, 'broken.mts'), 'export default {');
    for (const command of ['plan', 'run']) {
      const { exitCode, stderr } = await holdfast(command, './broken.mts');
      assert.equal(exitCode, 2, stderr);
      assert.match(stderr, /^holdfast: broken\.mts:1: SyntaxError: /);
    }
    rmSync(join(project, 'broken.mts'));
  }).timeout(120_000);

  it('has types that reject invalid experiments', async () => {
    writeFileSync(
      join(project, 'types.ts'),
      `import { type ArmSpec, drain } from 'holdfast';
import { suite } from 'holdfast/mocha';
import first from './first-experiment.ts';

export const arm: ArmSpec | undefined = first.arms['treatment'];
export const define = (): void => suite(first, { image: 'stock' });
drain({ nodes: { of: 'power-cut' } });
// @ts-expect-error a choice that does not exist
drain({ nodes: { pick: 'most-replica' } });
`,
    );
    const { exitCode, stdout } = await attempt(process.execPath, [join(modules, '.bin/tsc'), '-p', project], {
      signal: AbortSignal.timeout(300_000),
    });
    assert.equal(exitCode, 0, stdout);
  }).timeout(300_000);

  it('makes a suite in any mocha', async () => {
    writeFileSync(
      join(project, 'suite.test.mts'),
      `import { suite } from 'holdfast/mocha';
import first from './first-experiment.ts';

describe('my tests', () => suite(first));
`,
    );
    const { exitCode, stdout, stderr } = await inProject(
      'node_modules/mocha/bin/mocha.js',
      '--dry-run',
      'suite.test.mts',
    );
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /A rolling update loses no request[\s\S]*treatment: readiness probe \(.*\), as declared/);
    assert.match(stdout, /4 passing/);
  }).timeout(120_000);

  it('judges a recording, writes reports, and keeps runs in the current folder', async () => {
    const golden = join(checkoutDir(), 'harness/testing/golden/rolling-update-pass');
    const run = join(project, 'runs/20260101T000000Z-rolling-update-golden');
    cpSync(golden, run, { recursive: true });
    const judged = await holdfast('judge', run);
    const expected = JSON.parse(readFileSync(join(golden, 'expected.json'), 'utf8'));
    assert.equal(judged.exitCode, 0, judged.stderr);
    const report = JSON.parse(readFileSync(join(run, 'report.json'), 'utf8'));
    assert.equal(report.verdict, expected.verdict);
    assert.match(readFileSync(join(run, 'report.html'), 'utf8'), /<style>[\s\S]*<\/style>/);
    assert.match(await passes('runs', 'list'), /20260101T000000Z-rolling-update-golden/);
  }).timeout(120_000);

  it('contains the files for a lab', () => {
    const lab = join(project, 'node_modules/holdfast/dist');
    for (const file of [
      'clusters/node-image/files/usr/local/bin/entrypoint',
      'clusters/node-image/go/coredns/main.go',
      'clusters/kind/docker-with-owner/docker',
      'clusters/private-engine/oci-runtime.sh',
      'experiments/workloads/specimen/server.ts',
      'harness/record/traffic/k6/cmd/k6/main.go',
      'harness/record/traffic/script.js',
      'reports/schema/report-2.json',
    ])
      assert.ok(readFileSync(join(lab, file)).equals(readFileSync(join(checkoutDir(), file))), file);
  });

  it('does not contain the tests of holdfast', async () => {
    const { exitCode, stderr } = await holdfast('test');
    assert.equal(exitCode, 2);
    assert.match(stderr, /need a checkout/);
    const files = readdirSync(join(project, 'node_modules/holdfast'), { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      files.filter((file) => /\.test\.|\/testing\/|testing\/golden\/|^runs/.test(file)),
      [],
    );
  }).timeout(60_000);
});
