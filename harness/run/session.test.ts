import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sampleRecord } from '../../clusters/cluster/testing/sample-record.ts';
import rollingUpdate from '../../experiments/rolling-update.ts';
import type { Progress } from '../model/progress.ts';
import { planExperiment } from '../plan/plan.ts';
import { real } from '../sys/testing/certificates.ts';
import { ownKubeconfig } from '../sys/testing/kubeconfig.ts';
import { armSettings, runFiles, syntheticArm } from '../testing/worlds/run-files.ts';
import { startRun } from './session.ts';

const progress: Progress = { plan() {}, note() {}, now() {}, step: (_title, work) => work() };

describe('a run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-session-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function start(judging: AbortSignal) {
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, ownKubeconfig({ server: 'https://127.0.0.1:1', ca: real.cert }));
    const wanted = { seed: 'a', settings: {}, arms: [], allArms: false };
    return startRun({
      experiments: [{ experiment: rollingUpdate, plan: planExperiment(rollingUpdate, wanted) }],
      cluster: { ...sampleRecord('lab'), kubeconfig },
      journal: join(folder, 'journal', 'journal.ndjson'),
      verify: async () => undefined,
      runs: join(folder, 'runs'),
      seed: 'a',
      settings: {},
      command: ['./holdfast', 'run', 'rolling-update'],
      deadlineMs: 60_000,
      keep: false,
      progress,
      signal: new AbortController().signal,
      judging,
    });
  }

  it('stops judging when it is interrupted or its deadline has passed', async () => {
    const reason = new Error('interrupted by SIGINT');
    const run = await start(AbortSignal.abort(reason));
    const recorded = runFiles([syntheticArm('control', armSettings.control, { seed: 1 })]);
    for (const [path, lines] of Object.entries(recorded).filter(([each]) => each.includes('/'))) {
      await mkdir(dirname(join(run.folder, path)), { recursive: true });
      await writeFile(join(run.folder, path), lines.map((line) => `${line}\n`).join(''));
    }
    await assert.rejects(run.finish(), reason);
    assert.ok(!existsSync(join(run.folder, 'findings.json')));
  });

  it('is judged without any recording', async () => {
    const run = await start(new AbortController().signal);
    const { verdict, sentence } = await run.finish();
    assert.equal(verdict, 'error', sentence);
    assert.ok(existsSync(join(run.folder, 'findings.json')));
  });
});
