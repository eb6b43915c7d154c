import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { judgeRun } from '../../judge/judge.ts';
import type { RunFindings } from '../../model/finding.ts';
import { UsageError } from '../../model/usage-error.ts';
import { sealArm } from '../../recording/seal.ts';
import { snapshotOf } from '../../recording/testing/hostile-folder.ts';
import { withFolder } from '../worlds/run-files.ts';
import { syntheticRun } from './passing.ts';

const arm = 'rolling-update/treatment';

/**
 * A recording that was manipulated to make the judge read other files, hang or fail. `outside` holds a copy of the run.
 */
interface Hostile {
  /** The expected result: a usage error (exit code 2) or a verdict. */
  readonly comesTo: 'usage' | 'inconclusive';
  /** Matches the error, or the doubts in the findings. */
  readonly says: RegExp;
  readonly plant: (folder: string, outside: string) => void | Promise<void>;
}

const removed = (path: string) => {
  rmSync(path, { recursive: true });
  return path;
};
const linked =
  (path: string): Hostile['plant'] =>
  (folder, outside) =>
    symlinkSync(join(outside, path), removed(join(folder, path)));
const piped =
  (path: string): Hostile['plant'] =>
  (folder) => {
    execFileSync('mkfifo', [removed(join(folder, path))]);
  };
const emptied =
  (path: string): Hostile['plant'] =>
  (folder) => {
    mkdirSync(removed(join(folder, path)));
  };
const sparse =
  (path: string): Hostile['plant'] =>
  (folder) => {
    writeFileSync(join(folder, path), '');
    truncateSync(join(folder, path), 5 * 1024 ** 4);
  };
const appended =
  (path: string, text: string): Hostile['plant'] =>
  (folder) =>
    appendFileSync(join(folder, path), text);
const rewritten =
  (path: string, change: (text: string) => string): Hostile['plant'] =>
  (folder) =>
    writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8')));
const packed =
  (path: string, bytes: () => Buffer): Hostile['plant'] =>
  (folder) =>
    writeFileSync(`${removed(join(folder, path))}.gz`, bytes());

const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const object = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}';
const event = (data: string) => `{"at":1795000020000000,"source":"phase","type":"x","subject":"x","data":${data}}\n`;
const usage = (says: RegExp, plant: Hostile['plant']): Hostile => ({ comesTo: 'usage', says, plant });
const doubt = (says: RegExp, plant: Hostile['plant']): Hostile => ({ comesTo: 'inconclusive', says, plant });

const hostile: { readonly [what: string]: Hostile } = {
  'a plan behind a link': usage(/plan\.json: a link/, linked('plan.json')),
  'a pipe in place of a plan': usage(/plan\.json: not a regular file/, piped('plan.json')),
  'a folder in place of a plan': usage(/plan\.json: not a regular file/, emptied('plan.json')),
  'a plan of 5 TB': usage(/plan\.json: 5497558138880 bytes, more than/, sparse('plan.json')),
  'a plan that is nested deeply': usage(
    /plan\.json: nested deeper than 64 levels/,
    rewritten('plan.json', (text) => text.replace(/"params":\{/, `"x":${deep},"params":{`)),
  ),
  'a plan that sets a prototype': usage(
    /plan\.json: a field named __proto__/,
    rewritten('plan.json', (text) => text.replace('{', '{"__proto__":{"verdict":"pass"},')),
  ),
  'a plan with a path as the name of an arm': usage(
    /plan\.json: experiments\.0\.arms\.\d\.name: /,
    rewritten('plan.json', (text) => text.replace('"name":"treatment"', '"name":"../../outside"')),
  ),
  ...Object.fromEntries(
    ['disruptions', 'demands'].map((list) => [
      `20,000 ${list} in an arm`,
      usage(
        new RegExp(`plan\\.json: experiments\\.0\\.arms\\.0\\.${list}: .*1000 items`),
        rewritten('plan.json', (text) => {
          const plan = JSON.parse(text);
          const [arm] = plan.experiments[0].arms;
          const [{ disruptions }] = plan.experiments[0].arms.slice(1);
          arm[list] = Array.from({ length: 20_000 }, (_, index) =>
            list === 'demands' ? { kind: 'recovery', withinMs: 1 } : { ...disruptions[0], id: `d-${index}` },
          );
          return JSON.stringify(plan);
        }),
      ),
    ]),
  ),

  'a plan whose objects are nested deeply': usage(
    /plan\.json: nested deeper than 64 levels/,
    rewritten('plan.json', (text) => text.replace('"image":"specimen"', `"image":${deep}`)),
  ),
  'a plan whose objects set a prototype': usage(
    /plan\.json: a field named __proto__/,
    rewritten('plan.json', (text) => text.replace('"image":"specimen"', '"__proto__":{"verdict":"pass"}')),
  ),
  'a plan with 100,000 objects': usage(
    /plan\.json: experiments\.0\.objects: Too big/,
    rewritten('plan.json', (text) => text.replace('"objects":[', `"objects":[${`${object},`.repeat(1e5)}`)),
  ),
  'a plan with values that are no objects': usage(
    /plan\.json: experiments\.0\.objects\.0: Invalid input/,
    rewritten('plan.json', (text) => text.replace('"objects":[', `"objects":[${'7,'.repeat(4000)}`)),
  ),
  'a plan with an object without a name': usage(
    /plan\.json: experiments\.0\.objects\.0\.metadata\.name: Invalid input/,
    rewritten('plan.json', (text) => text.replace('"objects":[', `"objects":[${object.replace('"x"', '7')},`)),
  ),
  'a change to 3,000,000 values': usage(
    /plan\.json: experiments\.0\.arms\.0\.workload\.service: Invalid input/,
    rewritten('plan.json', (text) =>
      text
        .replace('"changes":[', `"changes":[{"having":"x","value":[${'{},'.repeat(3e6)}7]}`)
        .replace('"service":"web"', '"service":7'),
    ),
  ),
  'a plan with facts of a wrong type': usage(
    /plan\.json: experiments\.0\.arms\.0\.workload\.facts\.readiness\.server: Invalid input/,
    rewritten('plan.json', (text) =>
      text.replace(/"facts":\{(.*?)"readiness":\{.*?"preStop"/, '"facts":{$1"readiness":{"server":7},"preStop"'),
    ),
  ),
  'a plan without facts': usage(
    /plan\.json: experiments\.0\.arms\.0\.workload\.facts: Invalid input/,
    rewritten('plan.json', (text) => text.replace('"facts":{', '"facts":7,"x":{')),
  ),
  'an owner that is no Deployment and no StatefulSet': usage(
    /plan\.json: experiments\.0\.arms\.0\.workload\.owner\.kind: Invalid option/,
    rewritten('plan.json', (text) => text.replace('"owner":{"kind":"Deployment"', '"owner":{"kind":"__proto__"')),
  ),

  'an experiment behind a link': doubt(/not a folder, but a link/, linked('rolling-update')),
  'an arm behind a link': doubt(/not a folder, but a link/, linked(arm)),
  'a pipe in place of an arm': doubt(/not a folder, but a link or a file/, piped(arm)),
  'an arm.json behind a link': doubt(/treatment\/arm\.json: a link/, linked(`${arm}/arm.json`)),
  'a pipe in place of an arm.json': doubt(/treatment\/arm\.json: not a regular file/, piped(`${arm}/arm.json`)),
  'an arm.json that is nested deeply': doubt(
    /arm\.json: nested deeper/,
    rewritten(`${arm}/arm.json`, (text) => text.replace('{', `{"x":${deep},`)),
  ),

  ...Object.fromEntries(
    ['events.ndjson', 'conntrack.log', 'clock.ndjson', 'rules.log', 'requests-fresh.ndjson'].flatMap((file) => [
      [`a link for ${file}`, doubt(new RegExp(`${file}:1: a link`), linked(`${arm}/${file}`))],
      [`a pipe for ${file}`, doubt(new RegExp(`${file}:1: not a regular file`), piped(`${arm}/${file}`))],
      [`a folder for ${file}`, doubt(new RegExp(`${file}:1: not a regular file`), emptied(`${arm}/${file}`))],
      [`5 TB for ${file}`, doubt(new RegExp(`${file}:1: 5497558138880 bytes, more than`), sparse(`${arm}/${file}`))],
    ]),
  ),
  'pod logs behind a link': doubt(/workload: not a folder, but a link/, linked(`${arm}/workload`)),
  'a pipe in place of the pod logs': doubt(/workload: not a folder/, piped(`${arm}/workload`)),
  'a log behind a link': doubt(/workload\/web-old-0\.ndjson:1: a link/, linked(`${arm}/workload/web-old-0.ndjson`)),
  'more generators than possible': doubt(/requests of more than 16 generators/, (folder) => {
    for (let count = 0; count < 20; count++) writeFileSync(join(folder, arm, `requests-x${count}.ndjson`), '');
  }),

  '16 MiB of newlines in 19 KB': doubt(
    /events\.ndjson: 1000 of its lines are damaged/,
    packed(`${arm}/events.ndjson`, () => gzipSync(Buffer.alloc(16 * 1024 ** 2, '\n'))),
  ),
  '256 MiB of newlines in a pod’s log': doubt(
    /web-old-0\.ndjson: 1000 of its lines are damaged/,
    packed(`${arm}/workload/web-old-0.ndjson`, () => gzipSync(Buffer.alloc(256 * 1024 ** 2, '\n'), { level: 1 })),
  ),
  'an archive with a single long line': doubt(
    /clock\.ndjson:1: line 1 is longer than 1048576 characters/,
    packed(`${arm}/clock.ndjson`, () => gzipSync(Buffer.alloc(32 * 1024 ** 2, '1'))),
  ),
  '40 MB of an almost empty archive': doubt(
    /requests-fresh\.ndjson:\d+: more than 200 times its compressed size/,
    packed(`${arm}/requests-fresh.ndjson`, () => gzipSync(`${' '.repeat(100_000)}\n`.repeat(400))),
  ),
  'lines that only start like JSON': doubt(
    /1000 of its lines/,
    appended(`${arm}/events.ndjson`, '{\n'.repeat(100_000)),
  ),
  'an event that is nested deeply': doubt(
    /events\.ndjson:\d+: nested deeper than 64 levels/,
    appended(`${arm}/events.ndjson`, event(deep)),
  ),
  'an event that sets a prototype': doubt(
    /events\.ndjson:\d+: a field named __proto__/,
    appended(`${arm}/events.ndjson`, event('{"__proto__":{"verdict":"pass"}}')),
  ),
  'an end in the year 2255, with failed and answered requests': doubt(
    /phases that last longer than a day/,
    async (folder, outside) => {
      await rewritten(`${arm}/events.ndjson`, (text) =>
        text.replace(/"at":\d+(?=,"source":"phase","type":"(?:end|undone)")/g, '"at":9007199254740000'),
      )(folder, outside);
      await rewritten(`${arm}/requests-fresh.ndjson`, (text) =>
        text
          .replace(/^\[(5\d\d),\d+,\d+,\d+/gm, '[$1,7000000000000000,7000000000000000,7000000000000001')
          .replace(/^(\[51\d,.*?),0,"",200,/gm, '$1,1050,"request timeout",0,'),
      )(folder, outside);
    },
  ),

  'digests behind a link': doubt(/SHA256SUMS: a link/, async (folder, outside) => {
    await sealArm(folder, arm);
    renameSync(join(folder, arm, 'SHA256SUMS'), join(outside, 'SHA256SUMS'));
    symlinkSync(join(outside, 'SHA256SUMS'), join(folder, arm, 'SHA256SUMS'));
  }),
  'digests of files outside the arm': doubt(/SHA256SUMS: a line is not a digest and a file name/, async (folder) => {
    await sealArm(folder, arm);
    appendFileSync(join(folder, arm, 'SHA256SUMS'), `${'0'.repeat(64)}  ../../plan.json\n`);
  }),
  'a thousand digests of one file': doubt(/SHA256SUMS: a line is not a digest and a file name/, async (folder) => {
    await sealArm(folder, arm);
    const [line] = readFileSync(join(folder, arm, 'SHA256SUMS'), 'utf8').split('\n');
    appendFileSync(join(folder, arm, 'SHA256SUMS'), `${line}\n`.repeat(1000));
  }),
  'a second log of a pod next to the sealed one': doubt(
    /workload\/web-old-0\.ndjson: added since the arm was sealed/,
    async (folder) => {
      const path = join(folder, arm, 'workload', 'web-old-0.ndjson');
      const text = readFileSync(path);
      await sealArm(folder, arm);
      writeFileSync(path, text);
    },
  ),
  'a log of an additional pod': doubt(/workload\/web-x\.ndjson\.gz: added since the arm was sealed/, async (folder) => {
    await sealArm(folder, arm);
    writeFileSync(join(folder, arm, 'workload', 'web-x.ndjson.gz'), gzipSync(''));
  }),
  'a compressed log without a digest': doubt(/conntrack\.log\.gz: added since the arm was sealed/, async (folder) => {
    await sealArm(folder, arm);
    const path = join(folder, arm, 'SHA256SUMS');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^.*conntrack.*\n/m, ''));
  }),
};

const doubtsOf = ({ experiments }: RunFindings): string =>
  experiments
    .flatMap((experiment) => [...experiment.findings, ...experiment.arms.flatMap(({ findings }) => findings)])
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ check, measured, evidence }) => `${check}: ${measured}\n${evidence.map(({ text }) => text).join('\n')}`)
    .join('\n');

/** Text in the files outside of the run. */
const secret = 'canary-7f3a';

describe('a manipulated recording', function () {
  this.timeout(20_000);
  const { files } = syntheticRun;
  let outside: string;
  beforeEach(() => {
    outside = mkdtempSync(join(tmpdir(), 'holdfast-outside-'));
  });
  afterEach(() => rmSync(outside, { recursive: true }));

  for (const [what, { comesTo, says, plant }] of Object.entries(hostile)) {
    it(`is ${comesTo} without delay, with ${what}`, async () => {
      const [verdict, words] = await withFolder(files, async (folder) => {
        cpSync(folder, outside, { recursive: true });
        writeFileSync(
          join(outside, 'plan.json'),
          readFileSync(join(outside, 'plan.json'), 'utf8').replace('Does', secret),
        );
        await plant(folder, outside);
        const before = snapshotOf(outside);
        const started = process.cpuUsage();
        const judged = await judgeRun(folder).then(
          (findings) => [findings.verdict, doubtsOf(findings), JSON.stringify(findings)] as const,
          (error: unknown) => {
            if (error instanceof UsageError) return ['usage', error.message, error.message] as const;
            throw error;
          },
        );
        const { user, system } = process.cpuUsage(started);
        assert.ok(user + system < 5e6, `${user + system} µs`);
        assert.ok(!judged[2].includes(secret));
        assert.deepEqual(snapshotOf(outside), before);
        return judged;
      });
      assert.match(words, says);
      assert.equal(verdict, comesTo);
    });
  }

  if (process.getuid?.() === 0)
    it('is judged without its unreadable files', async () => {
      const as = async (user: number, path: string) =>
        withFolder(files, async (folder) => {
          chmodSync(folder, 0o755);
          chmodSync(join(folder, path), 0);
          process.seteuid?.(user);
          try {
            return await judgeRun(folder);
          } finally {
            process.seteuid?.(0);
          }
        });
      for (const path of [arm, `${arm}/arm.json`, `${arm}/workload`, `${arm}/events.ndjson`]) {
        const findings = await as(65534, path);
        assert.equal(findings.verdict, 'inconclusive', path);
        assert.match(doubtsOf(findings), /EACCES: permission denied/, path);
      }
      await assert.rejects(as(65534, 'plan.json'), /plan\.json: EACCES: permission denied/);
    });

  it('is judged normally if its run is named through a link', async () => {
    await withFolder(files, async (folder) => {
      symlinkSync(folder, join(outside, 'latest'));
      assert.equal((await judgeRun(join(outside, 'latest'))).verdict, 'pass');
    });
  });

  it('is judged normally if it contains unknown files', async () => {
    await withFolder(files, async (folder) => {
      await sealArm(folder, arm);
      for (const name of [
        '.npmrc',
        'journal.ndjson',
        'events.ndjson.old',
        'requests-.ndjson',
        'a\nb',
        '__proto__',
        '..x',
      ])
        writeFileSync(join(folder, arm, name), 'x');
      symlinkSync('/etc/passwd', join(folder, arm, 'passwd'));
      execFileSync('mkfifo', [join(folder, arm, 'workload', '.ndjson')]);
      const findings = await judgeRun(folder);
      assert.equal(findings.verdict, 'pass', doubtsOf(findings));
    });
  });
});
