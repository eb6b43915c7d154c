import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { checkReports, writeReports } from '../cli/common/show.ts';
import { earlierFindings } from '../cli/earlier-findings.ts';
import { judgeRun } from '../judge/judge.ts';
import { UsageError } from '../model/usage-error.ts';
import { readFindings, writeFindings } from '../run/findings-file.ts';
import { listRuns } from '../run/runs.ts';
import { fuzzCases, fuzzSeed } from '../testing/fuzz-cases.ts';
import { armSettings, runFiles, syntheticArm } from '../testing/worlds/run-files.ts';
import { streamKindOf } from './run-folder.ts';
import { type Attack, attack, attackOn, snapshotOf } from './testing/hostile-folder.ts';

const cases = fuzzCases();
const seed = fuzzSeed();
/** The limit of CPU time. Code that waits forever never ends this test. */
const hangMicros = 5e6;
/** On a disk every write would wait for fsync. */
const memory = '/dev/shm';

/** This text is in all files outside, and in none of a recording. */
const secret = 'canary-7f3a';
const runName = '20261128T071500Z-rolling-update';
const reports = ['report.json', 'junit.xml', 'report.html'];

type Tree = { readonly [path: string]: Buffer };

const everywhere = /web-(?=old|new)|Does/g;

/** The files of a run with two arms, compressed or not, by path. `secret` is in each text. */
function recording(sealed: boolean, secret?: string): Tree {
  const arms = (['control', 'neither'] as const).map((name) => syntheticArm(name, armSettings[name], { seed: 3 }));
  const files: { [path: string]: Buffer } = {};
  for (const [path, lines] of Object.entries(runFiles(arms))) {
    const text = lines.map((line) => `${line}\n`).join('');
    const bytes = Buffer.from(secret === undefined ? text : text.replaceAll(everywhere, secret));
    const [experiment, arm, ...rest] = path.split('/');
    const isStream = streamKindOf(rest.join('/')) !== undefined;
    const name = sealed && isStream ? `${path}.gz` : path;
    files[name] = name === path ? bytes : gzipSync(bytes, { level: 1 });
    if (!sealed || arm === undefined) continue;
    const sums = `${experiment}/${arm}/SHA256SUMS`;
    const digest = createHash('sha256').update(files[name]).digest('hex');
    const line = `${digest}  ${name.slice(`${experiment}/${arm}/`.length)}\n`;
    files[sums] = Buffer.concat([files[sums] ?? Buffer.alloc(0), Buffer.from(line)]);
  }
  return files;
}

function plant(folder: string, tree: Tree): void {
  for (const [path, bytes] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

const foldersOf = (tree: Tree): string[] =>
  [
    ...new Set(
      Object.keys(tree).flatMap((path) => path.split('/').map((_, depth, all) => all.slice(0, depth).join('/'))),
    ),
  ].filter((path) => path !== '');

/** The result of each command, as its exit code tells it. */
async function usageOr<T>(work: () => T | Promise<T>): Promise<T | 'usage'> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) return 'usage';
    throw error;
  }
}

/** Does what `judge`, `report` and `runs list` do. Returns everything that they print. */
async function judged(folder: string, runs: string): Promise<string> {
  const said: unknown[] = [earlierFindings(folder), listRuns(runs)];
  const findings = await usageOr(async () => {
    checkReports(folder, 'findings.json', 'summary.json');
    const found = await judgeRun(folder);
    writeFindings(folder, found);
    writeReports(folder, found);
    return found;
  });
  if (findings !== 'usage') {
    const unrecorded = JSON.stringify(findings).includes('it left no recording');
    if (!unrecorded) assert.notEqual(findings.verdict, 'error', findings.sentence);
    said.push(findings, ...reports.map((name) => readFileSync(join(folder, name), 'utf8')));
  }
  said.push(listRuns(runs));
  said.push(await usageOr(() => readFindings(folder)));
  return JSON.stringify(said);
}

describe('a hostile recording', function () {
  this.timeout(600_000);

  const forms = ([false, true] as const).map((sealed) => {
    const inside = recording(sealed);
    return {
      inside,
      outside: recording(sealed, secret),
      targets: [...Object.keys(inside), ...foldersOf(inside), 'findings.json', 'summary.json', ...reports],
    };
  });
  const damage = fc.constantFrom(...forms.keys()).chain((form) =>
    fc.record({
      form: fc.constant(form),
      attacks: fc.array(attackOn(forms[form]?.targets ?? []), { minLength: 1, maxLength: 3 }),
    }),
  );

  async function survives(form: (typeof forms)[number], attacks: readonly Attack[]): Promise<void> {
    const top = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'holdfast-fuzz-'));
    const [runs, twin] = [join(top, 'runs'), join(top, 'twin')];
    const folder = join(runs, runName);
    try {
      plant(folder, form.inside);
      plant(twin, {
        ...form.outside,
        'findings.json': Buffer.from(secret),
        'summary.json': Buffer.from(secret),
        ...Object.fromEntries(reports.map((name) => [name, Buffer.from(secret)])),
      });
      for (const each of attacks) attack(folder, twin, each);
      const outside = snapshotOf(twin);
      const started = process.cpuUsage();
      const said = await judged(folder, runs);
      const { user, system } = process.cpuUsage(started);
      assert.ok(user + system < hangMicros, `took ${user + system} µs of CPU time`);
      assert.ok(!said.includes(secret), 'what lies outside was read');
      assert.deepEqual(snapshotOf(twin), outside, 'what lies outside was changed');
      assert.equal(({} as { verdict?: unknown }).verdict, undefined);
    } finally {
      rmSync(top, { recursive: true, force: true });
    }
  }

  it(`reads and writes nothing outside, never hangs, and is judged: ${cases} cases, seed ${seed}`, async () => {
    await fc.assert(
      fc.asyncProperty(damage, async ({ form, attacks }) => {
        const which = forms[form];
        assert.ok(which);
        await survives(which, attacks);
      }),
      { numRuns: cases, seed, endOnFailure: true },
    );
  });

  const line = (value: unknown) => `${JSON.stringify(value)}\n`;
  const pod = (at: number, index: number, ready = true) => ({
    at,
    source: 'pod',
    type: 'modified',
    subject: `uid-${index}`,
    kind: 'Pod',
    namespace: 'hf-control',
    name: `web-${index}`,
    data: {
      node: 'worker',
      ip: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      phase: 'Running',
      ready,
      revision: '1',
      version: '1',
      terminating: false,
      graceSeconds: 30,
      containers: [],
    },
  });
  const slice = (at: number, index: number, ready: boolean) => ({
    at,
    source: 'endpointslice',
    type: 'modified',
    subject: `uid-of-slice-${index}`,
    kind: 'EndpointSlice',
    namespace: 'hf-control',
    name: `web-${index}`,
    data: {
      service: 'web',
      addressType: 'IPv4',
      endpoints: [
        { ip: '10.1.1.1', pod: 'web-1', uid: 'uid-1', node: 'worker', ready, serving: true, terminating: false },
      ],
    },
  });
  /** Endpoints of pods that no other event mentions. */
  const strangers = (at: number, index: number) => {
    const { data, ...event } = slice(at, 0, true);
    const endpoints = Array.from({ length: 100 }, (_, place) => ({
      ...data.endpoints[0],
      pod: `web-${index * 100 + place}`,
      uid: `uid-${index * 100 + place}`,
    }));
    return { ...event, data: { ...data, endpoints } };
  };
  /** A complete arm in which much more happens during its fault. */
  const withMore = (events: Buffer, count: number, make: (at: number, index: number) => unknown) => {
    const text = events.toString();
    const fault = text.split('\n').find((each) => each.includes('"source":"phase","type":"fault"')) ?? '{}';
    const { at } = JSON.parse(fault) as { at: number };
    return Buffer.from(
      text + Array.from({ length: count }, (_, index) => line(make(at + 1000 + index, index))).join(''),
    );
  };
  /** `damage`: the damage that the judge finds in the file. Without damage it reads all of it. */
  interface Greedy {
    readonly file?: string;
    readonly damage: RegExp;
    readonly make: (events: Buffer) => Buffer;
  }
  const greedy: { readonly [what: string]: Greedy } = {
    'newlines that gzip made small': {
      file: 'events.ndjson.gz',
      damage: /^events\.ndjson: 1000 of its lines are damaged/,
      make: () => gzipSync(Buffer.alloc(2 ** 26, 10)),
    },
    'the longest lines': {
      damage: /^events\.ndjson:1: not what this file should hold/,
      make: () => Buffer.from(line(['x'.repeat(2 ** 20 - 8)]).repeat(64)),
    },
    'very many pods': {
      damage: /^events\.ndjson: more than 5000 subjects/m,
      make: (events) => withMore(events, 150_000, pod),
    },
    'pods that change without end': {
      damage: /^$/,
      make: (events) => withMore(events, 50_000, (at, index) => pod(at, index % 100, index % 200 < 100)),
    },
    'endpoint slices that change without end': {
      damage: /^$/,
      make: (events) => withMore(events, 20_000, (at, index) => slice(at, index % 500, index % 1000 < 500)),
    },
    'endpoints of very many pods': {
      damage: /^events\.ndjson: more than 5000 subjects/m,
      make: (events) => withMore(events, 5000, strangers),
    },
  };
  for (const [what, { file = 'events.ndjson', damage, make }] of Object.entries(greedy))
    it(`is judged in at most 512 MB and 20 s if it holds ${what}`, () => {
      const top = mkdtempSync(join(tmpdir(), 'holdfast-fuzz-'));
      try {
        const [form] = forms;
        assert.ok(form);
        const recorded = Object.entries(form.inside).find(([path]) => path.endsWith('events.ndjson'))?.[1];
        const content = make(Buffer.from(recorded ?? ''));
        const arm = Object.keys(form.inside).find((path) => path.endsWith('arm.json'));
        const tree = Object.entries(form.inside).filter(
          ([path]) => !/(?:events\.ndjson(?:\.gz)?|SHA256SUMS)$/.test(path),
        );
        plant(join(top, runName), { ...Object.fromEntries(tree), [join(dirname(arm ?? ''), file)]: content });
        const report =
          'data:text/javascript,process.on("exit",()=>{const{maxRSS,userCPUTime}=process.resourceUsage();console.error("took",maxRSS,userCPUTime)})';
        const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
        const { status, stderr } = spawnSync(
          process.execPath,
          ['--import', report, main, 'judge', join(top, runName)],
          { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' },
        );
        assert.equal(status, 3, stderr);
        const { experiments } = readFindings(join(top, runName));
        const intact = experiments[0]?.arms[0]?.findings.find(({ check }) => check === 'recording-intact');
        assert.match(intact?.evidence.map(({ text }) => text).join('\n') ?? 'none', damage);
        const [, kilobytes, micros] = /^took (\d+) (\d+)$/m.exec(stderr) ?? [];
        assert.ok(Number(kilobytes) < 512 * 1024, `${kilobytes} KB`);
        assert.ok(Number(micros) < 20e6, `${micros} µs of CPU time`);
      } finally {
        rmSync(top, { recursive: true, force: true });
      }
    });
});
