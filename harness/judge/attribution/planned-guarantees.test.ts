import assert from 'node:assert/strict';
import type { Facts } from '../../model/facts.ts';
import type { PlannedWorkload } from '../../model/plan.ts';
import { armPlanWith } from '../../testing/damages/by-hand.ts';
import type { Files } from '../../testing/worlds/files.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { tell } from '../../testing/worlds/tell.ts';
import { judgeArm } from '../judge.ts';

/** The words for failures with a cause, if the plan had these facts. */
async function wordsFor(cause: string, files: Files, facts: Partial<Facts>): Promise<Set<string>> {
  const planned = armPlanWith((plan) => {
    const workload = plan.workload as PlannedWorkload;
    return { ...plan, workload: { ...workload, facts: { ...workload.facts, ...facts }, objects: null } };
  });
  const { failures } = await withFolder(planned(files), judgeArm);
  return new Set(failures.filter((failure) => failure.cause === cause).map(({ words }) => words));
}

const matching = async (pattern: RegExp, ...of: Parameters<typeof wordsFor>): Promise<boolean> =>
  [...(await wordsFor(...of))].some((words) => pattern.test(words));

describe('the words for a failure of a pod that was still routed', () => {
  const { files } = syntheticArm('readiness-only', armSettings['readiness-only'], { seed: 5 });
  const says = (pattern: RegExp, preStop: Facts['preStop']) =>
    matching(pattern, 'terminated-still-routed', files, { preStop });

  it('say whether the container that serves the requests has a preStop hook', async () => {
    assert.ok(await says(/; it has no preStop hook$/, {}));
    assert.ok(await says(/; its container server has no preStop hook$/, { proxy: { sleepSeconds: 5 } }));
    assert.ok(await says(/; SIGTERM did not wait for its preStop sleep of 5 s$/, { server: { sleepSeconds: 5 } }));
  });

  it('say that a hook has no known length if it is no sleep', async () => {
    assert.ok(await says(/; its preStop hook has no known length$/, { server: { exec: ['/drain'] } }));
    assert.ok(await says(/; its preStop hook has no known length$/, { server: { httpGet: { port: 8080 } } }));
  });
});

describe('the words for a failure of a pod that did not listen yet', () => {
  const { files } = syntheticArm('neither', armSettings.neither, { seed: 5 });
  const says = (pattern: RegExp, readiness: Facts['readiness']) =>
    matching(pattern, 'not-listening-yet', files, { readiness });
  const tcpSocket = { port: 8080 };

  it('say whether the container that serves the requests has a readiness probe', async () => {
    assert.ok(await says(/; it has no readiness probe$/, {}));
    assert.ok(await says(/; its container server has no readiness probe$/, { proxy: { tcpSocket } }));
    assert.ok(await says(/ before it listened$/, { server: { tcpSocket } }));
  });
});

describe('the words for a failure of a pod that was killed', () => {
  const { files } = tell({ story: 'a grace period too short', seed: 1, skewMs: 0, lateMs: 0 });
  const over = /its grace period of 2\.00 s was over/;
  const says = (preStop: Facts['preStop']) => matching(over, 'killed-in-flight', files, { preStop });

  it('say that its grace period was over', async () => assert.ok(await says({})));

  it('do not say it if a preStop hook with no known length used up a part of it', async () =>
    assert.ok(!(await says({ server: { exec: ['/drain'] } }))));
});
