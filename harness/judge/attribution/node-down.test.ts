import assert from 'node:assert/strict';
import type { FailedRequest } from '../../model/finding.ts';
import { inOrder } from '../../testing/damages/witness-edits.ts';
import { at } from '../../testing/worlds/clocks.ts';
import { endOf, extra, idOf } from '../../testing/worlds/extra-request.ts';
import type { Files } from '../../testing/worlds/files.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import type { Sent } from '../../testing/worlds/traffic.ts';
import type { Pod } from '../../testing/worlds/world.ts';
import { judgeArm } from '../judge.ts';

describe('the loss of a node', () => {
  /** Adds the engine’s event that the only node of all synthetic pods ended. */
  const nodeEnded = (files: Files, moment: number): Files => {
    const event = { at: at(moment), source: 'container', type: 'die', subject: 'worker' };
    const line = JSON.stringify({ ...event, data: { state: 'exited', exitCode: 137 } });
    const [header = '', ...told] = files['events.ndjson'] ?? [];
    return { ...files, 'events.ndjson': [header, ...inOrder([...told, line])] };
  };

  /** Two requests that time out: on a new connection to a pod that listens, and on a connection that goes silent. */
  async function unanswered(engineSawIt: boolean): Promise<(FailedRequest | undefined)[]> {
    let cut = 0;
    let lost: Sent[] = [];
    const arm = syntheticArm(
      'control',
      { ...armSettings.control, role: 'unprotected', expect: armSettings.neither.expect },
      {
        more({ pods: [pod], phases }) {
          cut = phases.fault + 500;
          const silence = { pod: pod as Pod, code: 1050, err: 'request timeout' };
          const dialed = extra(cut + 100, { ...silence, opened: cut + 100.1, end: cut + 2100, sport: 9104 });
          const reused = {
            gen: 'kept-alive' as const,
            reused: true,
            opened: phases.baseline,
            sport: 9105,
          };
          lost = [dialed, extra(cut + 200, { ...silence, ...reused, end: cut + 2200 })];
          return lost;
        },
      },
    );
    const findings = await withFolder(engineSawIt ? nodeEnded(arm.files, cut) : arm.files, judgeArm);
    return lost.map((request) => findings.failures.find(({ request: { id } }) => id === idOf(request)));
  }

  it('is distinguished from the loss of a pod', async () => {
    const [dialed, reused] = await unanswered(true);
    assert.equal(dialed?.cause, 'node-down');
    assert.match(
      dialed?.words ?? '',
      /^no answer in 2\.00 s: pod web-old-0 was on worker, which was powered off 0\.10 s before$/,
    );
    assert.equal(reused?.cause, 'lost-with-its-node');
    assert.match(reused?.words ?? '', /which was powered off 0\.20 s before$/);
    assert.equal(reused?.podBy, 'conntrack');
  });

  /** Judges one request to a pod that is being terminated, whose node is powered off `later` ms after the request. */
  async function besidePowerCut(more: (pod: Pod) => Sent, later: number): Promise<FailedRequest> {
    let sent: Sent | undefined;
    const arm = syntheticArm('readiness-only', armSettings['readiness-only'], {
      more({ pods: [pod] }) {
        sent = more(pod as Pod);
        return [sent];
      },
    });
    assert.ok(sent);
    const request = sent;
    const findings = await withFolder(nodeEnded(arm.files, request.start + later), judgeArm);
    const failure = findings.failures.find(({ request: { id } }) => id === idOf(request));
    assert.ok(failure);
    return failure;
  }

  it('is not the cause if the listener had closed and the node went off later', async () => {
    const failure = await besidePowerCut((pod) => {
      const start = endOf(pod, 'close') + 150;
      return extra(start, { pod, opened: start + 0.1, sport: 9005 });
    }, 800);
    assert.equal(failure.cause, 'terminated-still-routed');
    assert.match(failure.words, /^refused: pod web-old-0 had closed its listener 0\.15 s before/);
  });

  it('is not the cause if the pod was gone and the node went off while the client waited', async () => {
    const failure = await besidePowerCut((pod) => {
      const start = endOf(pod, 'exit') + 500;
      const silence = { code: 1050, err: 'request timeout', end: start + 2000 };
      return extra(start, { ...silence, pod, opened: start + 0.1, sport: 9006 });
    }, 1500);
    assert.equal(failure.cause, 'terminated-still-routed');
  });

  it('is not the cause if the process exited during the request and the node went off later', async () => {
    const failure = await besidePowerCut((pod) => {
      const start = endOf(pod, 'exit') - 200;
      const broke = { code: 1000, err: 'EOF', end: start + 200.2, served: { start: start + 1 } };
      const kept = { gen: 'kept-alive' as const, reused: true, sport: 9007 };
      return extra(start, { ...broke, ...kept, pod });
    }, 800);
    assert.equal(failure.cause, 'killed-in-flight');
  });

  it('leaves the cause open if the pod has no log that shows whether the process or the node ended first', async () => {
    let sent: Sent | undefined;
    const arm = syntheticArm('readiness-only', armSettings['readiness-only'], {
      more({ pods: [pod], phases }) {
        const start = phases.baseline + 2900;
        const broke = { code: 1000, err: 'EOF', end: start + 200, served: { start: start + 1 } };
        sent = extra(start, { ...broke, pod: pod as Pod, opened: start + 0.1, sport: 9010 });
        return [sent];
      },
    });
    const path = 'workload/web-old-0.ndjson';
    const files = { ...arm.files, [path]: (arm.files[path] ?? []).filter((line) => /"(start|end)"/.test(line)) };
    const findings = await withFolder(nodeEnded(files, (sent?.end ?? 0) + 300), judgeArm);
    assert.equal(findings.failures.find(({ request }) => request.sport === 9010)?.cause, 'unattributed');
  });

  it('is not claimed if the engine did not see it', async () => {
    for (const failure of await unanswered(false)) assert.equal(failure?.cause, 'unattributed');
  });
});
