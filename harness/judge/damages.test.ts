import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { RunFindings } from '../model/finding.ts';
import { sealArm } from '../recording/seal.ts';
import { judgeRun } from './judge.ts';
import type { Files } from './synthetic/arm-files.ts';
import { armSettings, runFiles, syntheticArm, withFolder } from './synthetic/run-files.ts';

const arms = (['control', 'treatment', 'neither'] as const).map((name) =>
  syntheticArm(name, armSettings[name], { seed: 9 }),
);
const inTreatment = (file: string) => `rolling-update/treatment/${file}`;
const fresh = inTreatment('requests-fresh.ndjson');
const events = inTreatment('events.ndjson');

/** Rewrites the lines of a file of the treatment. */
const rewritten = (path: string, change: (lines: string[]) => string[]): Files => {
  const files = runFiles(arms);
  return { ...files, [path]: change([...(files[path] ?? [])]) };
};

const without = (path: string, pattern: RegExp) =>
  rewritten(path, (lines) => lines.filter((line) => !pattern.test(line)));
const exceptFor = (dropped: RegExp): Files =>
  Object.fromEntries(Object.entries(runFiles(arms)).filter(([path]) => !dropped.test(path)));

const shifted = (path: string, micros: number) =>
  rewritten(path, (lines) =>
    lines.map((line) => line.replace(/"at":(\d+)/, (_, moment) => `"at":${Number(moment) + micros}`)),
  );

const withRows = (change: (rows: string[]) => string[]) =>
  rewritten(fresh, ([header = '', ...rest]) => [header, ...change(rest.slice(0, -1)), rest.at(-1) ?? '']);

const renamed = (path: string, from: RegExp, to: string) =>
  rewritten(path, (lines) => lines.map((line) => line.replace(from, to)));

function withoutArms(role: string): Files {
  const kept = arms.filter(({ plan }) => plan.role !== role);
  return runFiles(kept);
}

/** What happens to recordings. None of it may end as a pass. */
const damages: { readonly [what: string]: () => Files } = {
  'no note of the fault': () => without(events, /"source":"fault"/),
  'no new generation': () => without(events, /"observedGeneration":2/),
  'a lost pod watch': () => without(events, /"source":"pod"/),
  'a lost endpoint watch': () => without(events, /"source":"endpointslice"/),
  'a lost deployment watch': () => without(events, /"source":"deployment"/),
  'a pod watch that stops when the fault begins': () =>
    rewritten(events, (lines) =>
      lines.filter((line, index) => index < lines.length / 3 || !line.includes('"source":"pod"')),
    ),
  'a gap in a watch': () =>
    rewritten(events, (lines) => [
      ...lines,
      JSON.stringify({ at: 1_795_000_012_000_000, source: 'watch', type: 'gap', subject: 'endpointslice', data: {} }),
    ]),
  'an old pod that is never gone': () => without(events, /"type":"deleted","subject":"web-old-1"/),
  'no end of the tail': () => without(events, /"type":"end"/),
  'no phases': () => without(events, /"source":"phase"/),
  'events cut off': () => rewritten(events, (lines) => lines.slice(0, lines.length / 2)),
  'an event that is no JSON': () => rewritten(events, ([first = '', ...rest]) => [first.slice(0, -2), ...rest]),
  'no events': () => exceptFor(/treatment\/events/),
  'rows cut off': () => rewritten(fresh, (lines) => lines.slice(0, lines.length / 2)),
  'no footer': () => rewritten(fresh, (lines) => lines.slice(0, -1)),
  'rows missing in the middle': () => withRows((rows) => rows.filter((_, index) => index < 100 || index > 140)),
  'rows twice': () => withRows((rows) => [...rows, ...rows.slice(50, 60)]),
  'rows twice, and a footer that knows': () =>
    rewritten(fresh, ([header = '', ...rest]) => {
      const rows = [...rest.slice(0, -1), ...rest.slice(200, 210)];
      const footer = JSON.stringify({
        footer: true,
        rows: rows.length,
        httpReqs: rows.length,
        droppedIterations: 0,
        end: 1,
      });
      return [header, ...rows, footer];
    }),
  'k6 counted another number': () => renamed(fresh, /"httpReqs":\d+/, '"httpReqs":7'),
  'dropped iterations': () => renamed(fresh, /"droppedIterations":0/, '"droppedIterations":3'),
  'a row of another shape': () =>
    withRows((rows) => rows.map((row, index) => (index === 30 ? row.replace('[', '[0,') : row))),
  'no fresh requests': () => exceptFor(/treatment\/requests-fresh/),
  'no kept-alive requests': () => exceptFor(/treatment\/requests-kept/),
  'another rate': () => renamed(fresh, /"ratePerSecond":50/, '"ratePerSecond":10'),
  'late requests': () =>
    withRows((rows) =>
      rows.map((row) => row.replace(/^\[(\d+),(\d+)/, (_, seq, due) => `[${seq},${Number(due) - 80_000}`)),
    ),
  'requests on a clock 200 ms ahead': () => renamed(fresh, /"epoch":1795000000000000/, '"epoch":1795000000200000'),
  'answers without a name': () => renamed(fresh, /"web-[a-z]+-\d","worker"/, '"","worker"'),
  'answers with each other’s names': () => renamed(fresh, /"web-old-1","worker"/, '"web-old-2","worker"'),
  'pods that no watch knows': () => renamed(fresh, /"web-new-1","worker"/, '"web-new-9","worker"'),
  'a conntrack log 200 ms ahead': () =>
    rewritten(inTreatment('conntrack.log'), (lines) =>
      lines.map((line) =>
        line.replace(/\[(\d+)\.(\d{6})\]/, (_, s, us) => {
          const moved = Number(s + us) + 200_000;
          return `[${Math.floor(moved / 1e6)}.${String(moved % 1e6).padStart(6, '0')}]`;
        }),
      ),
    ),
  'no conntrack log': () => exceptFor(/treatment\/conntrack/),
  'an empty conntrack log': () => rewritten(inTreatment('conntrack.log'), () => []),
  'every tenth connection lost': () =>
    rewritten(inTreatment('conntrack.log'), (lines) =>
      lines.filter((line, index) => index % 10 !== 5 && line.startsWith('[')),
    ),
  'no clock': () => exceptFor(/treatment\/clock/),
  'a clock that stopped': () => rewritten(inTreatment('clock.ndjson'), (lines) => lines.slice(0, 8)),
  'a clock that stepped': () =>
    rewritten(inTreatment('clock.ndjson'), (lines) =>
      lines.map((line, index) =>
        index < 12 ? line : line.replace(/"at":(\d+)/, (_, moment) => `"at":${Number(moment) + 50_000}`),
      ),
    ),
  'pod logs 200 ms behind': () => shifted(inTreatment('workload/web-old-0.ndjson'), -200_000),
  'no pod logs': () => exceptFor(/treatment\/workload/),
  'the log of another pod': () => {
    const files = runFiles(arms);
    return {
      ...files,
      [inTreatment('workload/web-old-1.ndjson')]: files[inTreatment('workload/web-old-0.ndjson')] ?? [],
    };
  },
  'a failed request in the treatment': () =>
    withRows((rows) =>
      rows.map((row, index) => (index === 400 ? row.replace(/,0,"",200,/, ',1050,"request timeout",0,') : row)),
    ),
  'no control': () => withoutArms('control'),
  'no treatment': () => withoutArms('treatment'),
  'no unprotected arm': () => withoutArms('unprotected'),
  'a folder without its arm': () => exceptFor(/neither/),
  'a plan that expects less': () => renamed('plan.json', /"atLeast":30/, '"atLeast":1'),
  'the recordings of two arms swapped': () => {
    const swap: { readonly [name: string]: string } = { treatment: 'control', control: 'treatment' };
    const files = runFiles(arms);
    return Object.fromEntries(
      Object.entries(files).map(([path, lines]) => [
        path.replace(/\/(treatment|control)\//, (_, name) => `/${swap[name]}/`),
        lines,
      ]),
    );
  },
};

/** What may happen to a recording without harm. */
const harmless: { readonly [what: string]: () => Files } = {
  'other pod names': () => {
    const files = Object.entries(runFiles(arms));
    return Object.fromEntries(
      files.map(([path, lines]) => [
        path.replace('web-old', 'shop'),
        lines.map((line) => line.replaceAll('web-old', 'shop')),
      ]),
    );
  },
  'unknown fields in events and plans': () => renamed(events, /"subject"/, '"colour":"blue","subject"'),
  'a later year': () => {
    const later = (text: string) => text.replaceAll(/\b1795(\d{6})/g, '1895$1');
    return Object.fromEntries(Object.entries(runFiles(arms)).map(([path, lines]) => [path, lines.map(later)]));
  },
  'a watch that was interrupted and taken up again': () =>
    rewritten(events, (lines) => [
      ...lines,
      JSON.stringify({ at: 1_795_000_012_000_000, source: 'watch', type: 'interrupted', subject: 'pod', data: {} }),
    ]),
  'a connection log that lost single events, and says so': () =>
    rewritten(inTreatment('conntrack.log'), (lines) => {
      const events = lines.filter((line) => line.startsWith('['));
      return [...events.slice(0, 200), 'WARNING: We have hit ENOBUFS! We are losing events.', ...events.slice(202)];
    }),
  'files that nobody asked for': () => ({ ...runFiles(arms), [inTreatment('logs/worker.log')]: ['kubelet started'] }),
};

const doubts = ({ experiments }: RunFindings): string =>
  experiments
    .flatMap((experiment) => [...experiment.findings, ...experiment.arms.flatMap((arm) => arm.findings)])
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ check, measured }) => `${check}: ${measured}`)
    .join('\n');

describe('a damaged recording', () => {
  for (const [what, files] of Object.entries(damages)) {
    it(`is no pass with ${what}`, async () => {
      const before = runFiles(arms);
      const after = files();
      assert.notDeepEqual(after, before, 'the damage changes nothing');
      const findings = await withFolder(after, judgeRun);
      assert.notEqual(findings.verdict, 'pass');
      assert.notEqual(findings.exitCode, 0);
      assert.notEqual(doubts(findings), '');
    });
  }

  it('is no pass, and no crash, with any byte of a sealed arm changed or its end cut off', async () => {
    await withFolder(runFiles(arms), async (folder) => {
      const arm = join(folder, 'rolling-update', 'treatment');
      await sealArm(arm);
      const files = (await readdir(arm, { recursive: true })).filter((file) => /\.(gz|json)$/.test(file));
      const damage = fc.record({
        file: fc.constantFrom(...files),
        where: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        change: fc.option(fc.integer({ min: 1, max: 255 })),
      });
      await fc.assert(
        fc.asyncProperty(damage, async ({ file, where, change }) => {
          const path = join(arm, file);
          const whole = await readFile(path);
          const at = Math.floor(where * whole.length);
          const damaged = change === null ? whole.subarray(0, at) : Buffer.from(whole);
          if (change !== null) damaged[at] = (damaged[at] ?? 0) ^ change;
          await writeFile(path, damaged);
          const { verdict } = await judgeRun(folder);
          await writeFile(path, whole);
          assert.notEqual(verdict, 'pass');
        }),
        { numRuns: 25 },
      );
      assert.equal((await judgeRun(folder)).verdict, 'pass');
    });
  });

  for (const [what, files] of Object.entries(harmless)) {
    it(`still passes with ${what}`, async () => {
      const findings = await withFolder(files(), judgeRun);
      assert.equal(findings.verdict, 'pass', doubts(findings));
    });
  }
});
