import assert from 'node:assert/strict';
import type { ArmFindings } from '../../model/finding.ts';
import { armPlanWith } from '../../testing/damages/by-hand.ts';
import { type Edit, lines, oneAfterAnother, phaseStart, withEvent } from '../../testing/damages/edit.ts';
import { askedInstead, neverReused, terminatedPods } from '../../testing/damages/other-pod.ts';
import type { Files } from '../../testing/worlds/files.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { stories } from '../../testing/worlds/stories.ts';
import { tell } from '../../testing/worlds/tell.ts';
import { judgeArm } from '../judge.ts';

const filesOf = (arm: keyof typeof armSettings): Files => syntheticArm(arm, armSettings[arm], { seed: 9 }).files;

const judged = (arm: keyof typeof armSettings, ...edits: Edit[]): Promise<ArmFindings> =>
  withFolder(oneAfterAnother(...edits)(filesOf(arm)), judgeArm);

const answerOf = ({ findings }: ArmFindings) => {
  const found = findings.find(({ check }) => check === 'exposed');
  assert.ok(found, 'not asked');
  return found;
};

/** Requests to one pod were answered by another pod. */
const notTo = (from: string, to: string): Edit => askedInstead(() => ({ from, to }));

/** Makes the story’s events happen to a treatment arm. */
const asTreatment = armPlanWith((plan) => ({
  ...plan,
  role: 'treatment',
  expect: { kind: 'no-loss' },
  disruptions: [{ id: 'it', when: { atMs: 0 }, fault: { name: 'rollout', params: {} }, limitMs: 60_000 }],
}));

const withIntent = withEvent((files) => phaseStart(files, 'fault') + 5000, {
  source: 'fault',
  type: 'intent',
  subject: 'it',
  data: { fault: 'rollout', plan: {} },
});

describe('exposure', () => {
  it('counts the pods and the requests that the disruption met', async () => {
    const arm = await judged('treatment');
    assert.equal(answerOf(arm).verdict, 'pass');
    assert.match(
      answerOf(arm).measured,
      /^3 of 3 pods, \d+ kept-alive connections, \d+ requests in \d\.\d risky seconds$/,
    );
    assert.equal(arm.exposure?.pods, 3);
    assert.equal(arm.exposure?.exposed, 3);
    // 70 requests a second, for one second after each of three pods was disrupted.
    assert.equal(arm.exposure?.requests, 210);
  });

  it('names the pod that got all requests, as with session affinity', async () => {
    const arm = await judged('treatment', notTo('web-old-0', 'web-old-2'), notTo('web-old-1', 'web-old-2'));
    const { verdict, measured } = answerOf(arm);
    assert.equal(verdict, 'inconclusive');
    assert.match(measured, /web-old-0 answered no fresh request: \d+ connections over \d endpoints in \d+\.\d s/);
    assert.match(measured, /all of them went to web-old-2, as with sessionAffinity: ClientIP/);
    assert.match(measured, /What would help: no sessionAffinity: ClientIP; or as many clients/);
    assert.equal(arm.exposure?.exposed, 1);
  });

  it('names session affinity even if a pod got all requests of one kind and none of the other', async () => {
    const [kept, fresh] = (['kept-alive', 'fresh'] as const).map((gen) =>
      askedInstead(() => ({ from: 'web-old-0', to: 'web-old-2', gen })),
    );
    assert.ok(kept && fresh);
    const { measured } = answerOf(await judged('treatment', kept));
    assert.match(measured, /web-old-0 answered no kept-alive request: [^;]* rule out chance, as with session/);
    assert.doesNotMatch(measured, /though connections were routed to it/);
    assert.match(
      answerOf(await judged('treatment', fresh)).measured,
      /no fresh request: [^;]*, as with sessionAffinity/,
    );
  });

  it('says that the client’s rules never led to a pod, as with topology routing', async () => {
    const withoutRules = (files: Files): Files => {
      const address = /"name":"web-old-0","data".*?"ip":"([\d.]+)"/;
      const ip = files['events.ndjson']?.map((line) => address.exec(line)?.[1]).find((each) => each) ?? '';
      const chain = files['rules.log']?.map((line) => /KUBE-SEP-\w+/.exec(line)?.[0] ?? '');
      const own = files['rules.log']?.findIndex((line) => line.includes(`dnat to ${ip}:`)) ?? -1;
      const name = chain?.[own] || chain?.slice(0, own).findLast((each) => each) || ip;
      return lines(/^rules/, (all) => all.filter((line) => !line.includes(name) && !line.includes(`${ip}:`)))(files);
    };
    const { verdict, measured } = answerOf(await judged('treatment', notTo('web-old-0', 'web-old-2'), withoutRules));
    assert.equal(verdict, 'inconclusive');
    assert.match(measured, /the rules on the client's node never led to it/);
    assert.match(measured, /no topology routing \(trafficDistribution, internalTrafficPolicy\)/);
  });

  it('says that a pod was not an endpoint of the Service although it was ready', async () => {
    const unselected = lines(/^events/, (all) =>
      all.map((line) => {
        if (!line.includes('"source":"endpointslice"')) return line;
        const event = JSON.parse(line) as { data: { endpoints: { pod: string }[] } };
        const endpoints = event.data.endpoints.filter(({ pod }) => pod !== 'web-old-0');
        return JSON.stringify({ ...event, data: { ...event.data, endpoints } });
      }),
    );
    const { verdict, measured } = answerOf(await judged('treatment', notTo('web-old-0', 'web-old-2'), unselected));
    assert.equal(verdict, 'inconclusive');
    assert.match(
      measured,
      /web-old-0 answered no fresh request, and was not a ready endpoint for more than 2 s before/,
    );
  });

  it('is also asked of a control: each pod must have answered', async () => {
    const well = await judged('control');
    assert.equal(answerOf(well).measured, 'every pod answered');
    assert.equal(well.exposure, undefined);
    const idle = answerOf(await judged('control', notTo('web-old-1', 'web-old-2')));
    assert.equal(idle.verdict, 'inconclusive');
    assert.match(idle.measured, /web-old-1 answered no fresh request/);
  });

  it('is doubted if no pod was ready', async () => {
    const neverReady = lines(/^events/, (all) => all.map((line) => line.replaceAll('"ready":true', '"ready":false')));
    const { verdict, measured } = answerOf(await judged('control', neverReady));
    assert.equal(verdict, 'inconclusive');
    assert.match(measured, /no pod was ready.*What would help: .*pods that are ready before the fault/);
  });

  it('of an arm without protection is proved by its loss', async () => {
    const arm = await judged('neither', (files) => {
      const [first = '', last = ''] = [terminatedPods(files)[0], terminatedPods(files).at(-1)];
      return notTo(first, last)(files);
    });
    assert.equal(answerOf(arm).verdict, 'pass');
    assert.match(answerOf(arm).measured, /^shown by \d+ failed requests$/);
  });

  it('is neither proved by a loss nor optional if connections were not kept alive', async () => {
    const observed = armPlanWith((plan) => ({ ...plan, expect: { kind: 'observed' } }));
    for (const arm of [await judged('neither', neverReused(1)), await judged('treatment', observed, neverReused(1))]) {
      assert.equal(answerOf(arm).verdict, 'inconclusive');
      assert.match(answerOf(arm).measured, /^0 of \d+ kept-alive requests used a connection again in the baseline/);
    }
  });

  it('is not doubted in any story, even if watches report 0.9 s late', async () => {
    for (const story of Object.keys(stories)) {
      const { files } = tell({ story, seed: 1, skewMs: 20, lateMs: 900 });
      const arm = await withFolder(oneAfterAnother(asTreatment, withIntent)(files), judgeArm);
      const { verdict, measured } = answerOf(arm);
      assert.equal(verdict, 'pass', `${story}: ${measured}`);
      assert.ok(arm.exposure && arm.exposure.exposed > 0, story);
    }
  });

  it('is reported but not required if nothing is demanded', async () => {
    const observed = armPlanWith((plan) => ({ ...plan, expect: { kind: 'observed' } }));
    const { verdict, measured } = answerOf(await judged('treatment', observed, notTo('web-old-0', 'web-old-2')));
    assert.equal(verdict, 'pass');
    assert.match(measured, /web-old-0 answered no fresh request/);
  });
});
