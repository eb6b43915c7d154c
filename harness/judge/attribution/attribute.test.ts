import assert from 'node:assert/strict';
import type { FailedRequest } from '../../model/finding.ts';
import { byHand, refused, withoutPod } from '../../testing/damages/by-hand.ts';
import { at } from '../../testing/worlds/clocks.ts';
import { endOf, extra, idOf } from '../../testing/worlds/extra-request.ts';
import type { RolloutWorld } from '../../testing/worlds/rollout.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import type { Sent } from '../../testing/worlds/traffic.ts';
import type { Pod } from '../../testing/worlds/world.ts';
import { judgeArm } from '../judge.ts';

/** Judges a rollout without preStop that has one more request, and returns that request’s failure. */
async function judgedExtra(more: (world: RolloutWorld) => Sent): Promise<FailedRequest> {
  let added: Sent | undefined;
  const arm = syntheticArm('readiness-only', armSettings['readiness-only'], {
    seed: 3,
    more(world) {
      added = more(world);
      return [added];
    },
  });
  const findings = await withFolder(arm.files, judgeArm);
  const failure = findings.failures.find(({ request }) => added && request.id === idOf(added));
  assert.ok(failure, 'the request is no failure');
  return failure;
}

describe('attribution', () => {
  it('blames the generator that had no port', async () => {
    const failure = await judgedExtra(({ phases }) =>
      extra(phases.fault + 50, { code: 1213, err: 'dial: bind: cannot assign requested address', sport: 0 }),
    );
    assert.equal(failure.cause, 'generator-fault');
    assert.equal(failure.words, 'not sent: dial: bind: cannot assign requested address');
  });

  it('sees a request killed in flight: the log has its start and no end, and the pod exited', async () => {
    const failure = await judgedExtra(({ pods: [pod] }) => {
      const start = endOf(pod, 'exit') - 200;
      const end = endOf(pod, 'exit') + 0.2;
      const sent = { pod: pod as Pod, served: { start: start + 1 }, end, sport: 9001 };
      return extra(start, { ...sent, gen: 'kept-alive' as const, code: 1000, err: 'EOF', reused: true });
    });
    assert.equal(failure.cause, 'killed-in-flight');
    assert.match(
      failure.words,
      /^connection closed: pod web-old-0 began to answer and exited 0\.20 s later, 3\.00 s after SIGTERM, without finishing the request$/,
    );
  });

  it('sees that a connection was closed while the request was in transit', async () => {
    const failure = await judgedExtra(({ pods: [pod], phases }) => {
      const start = endOf(pod, 'exit') - 1;
      const opened = phases.baseline - start;
      assert.ok(opened < 0);
      const sent = { pod: pod as Pod, sport: 9002, opened: phases.baseline, end: start + 2 };
      return extra(start, { ...sent, gen: 'kept-alive' as const, code: 1000, err: 'EOF', reused: true });
    });
    assert.equal(failure.cause, 'keep-alive-close-race');
    assert.equal(failure.pod, 'web-old-0');
    assert.equal(failure.podBy, 'conntrack');
  });

  it('finds the conntrack entry that an earlier connection from the source port left', async () => {
    const sport = 9003;
    let left: Sent | undefined;
    const arm = syntheticArm('readiness-only', armSettings['readiness-only'], {
      more({ pods: [pod] }) {
        const close = endOf(pod, 'close');
        const silence = { code: 1050, err: 'request timeout', sport };
        const first = extra(close + 100, {
          ...silence,
          pod: pod as Pod,
          opened: close + 100.1,
          end: close + 2100,
        });
        left = extra(close + 2500, { ...silence, end: close + 4500 });
        return [first, left];
      },
    });
    const findings = await withFolder(arm.files, judgeArm);
    const failure = findings.failures.find(({ request }) => left && request.id === idOf(left));
    assert.equal(failure?.cause, 'stale-conntrack');
    assert.match(
      failure?.words ?? '',
      /no answer in 2\.00 s: an entry of source port 9003, 2\.40 s old, sent it to pod web-old-0, which had closed its listener 2\.50 s before/,
    );
  });

  it('finds the pod of a connection without a NEW event by the end of its entry', async () => {
    let sent: Sent | undefined;
    const arm = syntheticArm('readiness-only', armSettings['readiness-only'], {
      more({ pods: [pod] }) {
        const start = endOf(pod, 'close') + 100;
        sent = extra(start, { pod: pod as Pod, opened: start + 0.1, sport: 9004 });
        return [sent];
      },
    });
    const lines = arm.files['conntrack.log'] ?? [];
    const kept = lines.filter((line) => !(line.includes('[NEW]') && line.includes('sport=9004 ')));
    assert.equal(lines.length - kept.length, 1);
    const findings = await withFolder({ ...arm.files, 'conntrack.log': kept }, judgeArm);
    const failure = findings.failures.find(({ request }) => sent && request.id === idOf(sent));
    assert.equal(failure?.cause, 'terminated-still-routed');
    assert.equal(failure?.podBy, 'conntrack');
    assert.match(failure?.words ?? '', /^refused: pod web-old-0 had closed its listener 0\.10 s before/);
    const found = failure?.evidence.map(({ subject, text }) => `${subject} | ${text}`).join('\n') ?? '';
    assert.match(found, /^conntrack \| .*by the end of its entry/m);
    assert.match(found, /^web-old-0 \| it closed its listener \(its own log\)$/m);
  });

  it('distinguishes a crash from a termination', async () => {
    const arm = syntheticArm('control', {
      ...armSettings.control,
      role: 'unprotected',
      expect: armSettings.neither.expect,
    });
    const [pod] = arm.world.pods;
    assert.ok(pod);
    const crash = arm.world.phases.fault + 1000;
    const events = [
      { moment: crash, type: 'exit' },
      { moment: crash + 400, type: 'boot' },
      { moment: crash + 1900, type: 'listen' },
    ].map(({ moment, type }) => JSON.stringify({ at: at(moment), type, pod: pod.name }));
    const path = `workload/${pod.name}.ndjson`;
    const momentOf = (line: string) => Number(/"at":(\d+)/.exec(line)?.[1]);
    const log = [...(arm.files[path] ?? []), ...events].sort((one, other) => momentOf(one) - momentOf(other));
    const files = { ...arm.files, [path]: log };
    // The next three answers of that pod become refusals.
    const lost = new Set<number>();
    const refusals = byHand(/^requests-fresh/, (rows) =>
      rows.map((row) => {
        if (row.pod !== pod.name || row.start < crash * 1000 || lost.size >= 3) return row;
        lost.add(row.seq);
        return { ...row, ...refused, ...withoutPod };
      }),
    )(files);
    refusals[path] = (files[path] ?? []).filter((line) => !lost.has(Number(/"fresh-(\d+)"/.exec(line)?.[1])));
    const findings = await withFolder(refusals, judgeArm);
    assert.deepEqual(findings.requests.byCause, { 'crash-window': 3 });
    assert.match(
      findings.failures[0]?.words ?? '',
      /^refused: pod web-old-0 had exited \d\.\d\d s before, was not being terminated, and listened again after 1\.90 s$/,
    );
  });

  it('does not explain a timeout by a pod that did not listen: its node would have refused the connection', async () => {
    const failure = await judgedExtra(({ pods }) => {
      const pod = pods.find(({ name }) => name === 'web-new-0') as Pod;
      const start = endOf(pod, 'listen') - 400;
      const silence = { code: 1050, err: 'request timeout', end: start + 2000 };
      return extra(start, { ...silence, pod, opened: start + 0.1 });
    });
    assert.equal(failure.cause, 'unattributed');
    assert.match(
      failure.words,
      /it went to pod web-new-0, which did not listen, and whose node would have refused it$/,
    );
  });

  it('attributes an answer of 500 to the application', async () => {
    const failure = await judgedExtra(({ pods, phases }) => {
      const pod = pods[0] as Pod;
      const start = phases.baseline + 2900;
      const served = { start: start + 0.3, end: start + 0.6 };
      return extra(start, { code: 1500, err: '500', status: 500, pod, opened: start + 0.1, served });
    });
    assert.equal(failure.cause, 'http-error');
    assert.equal(failure.words, 'pod web-old-0 answered 500');
  });

  it('sees that an answer was lost', async () => {
    const failure = await judgedExtra(({ pods, phases }) => {
      const pod = pods[0] as Pod;
      const start = phases.fault + 100;
      return extra(start, {
        code: 1220,
        err: 'reset',
        pod,
        opened: start + 0.1,
        served: { start: start + 0.3, end: start + 0.6 },
      });
    });
    assert.equal(failure.cause, 'response-lost');
    assert.match(failure.words, /^reset: pod web-old-0 logged its end 0\.00 s before, but no answer arrived$/);
  });

  /**
   * The sentence about a refusal by a pod with a preStop sleep of 2 s, that got SIGTERM `sigtermAfter` ms after its
   * deletion.
   */
  async function saidOfPreStop(sigtermAfter: number): Promise<string | undefined> {
    const arm = syntheticArm('treatment', armSettings.treatment, {
      more({ pods }) {
        const pod = pods[0] as Pod;
        pod.sigterm = (pod.deleted ?? 0) + sigtermAfter;
        pod.close = pod.sigterm + 3;
        const start = pod.close + 100;
        return [extra(start, { pod, opened: start + 0.1, sport: 9009 })];
      },
    });
    const findings = await withFolder(arm.files, judgeArm);
    return findings.failures.find(({ request }) => request.sport === 9009)?.words;
  }

  it('says that the preStop sleep was over only if SIGTERM came after it', async () => {
    assert.match((await saidOfPreStop(2015)) ?? '', / before.*; its preStop sleep of 2 s was over$/);
    assert.match((await saidOfPreStop(15)) ?? '', / before.*; SIGTERM did not wait for its preStop sleep of 2 s$/);
  });
});
