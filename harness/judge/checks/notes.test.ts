import assert from 'node:assert/strict';
import type { Finding } from '../../model/finding.ts';
import { byHand, withoutPod } from '../../testing/damages/by-hand.ts';
import type { LogLine } from '../../testing/damages/witness-edits.ts';
import type { Files } from '../../testing/worlds/files.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { judgeArm } from '../judge.ts';

const { files, requests } = syntheticArm('readiness-only', armSettings['readiness-only'], { seed: 7 });

async function noteOf(edited: Files, check: string): Promise<Finding> {
  const { findings } = await withFolder(edited, judgeArm);
  const found = findings.find((finding) => finding.check === check);
  assert.ok(found);
  return found;
}

const fresh = 'requests-fresh.ndjson';

describe('a note', () => {
  it('says that nothing was retried', async () => {
    const { verdict, measured } = await noteOf(files, 'hidden-retries');
    assert.deepEqual([verdict, measured], ['pass', 'fresh none; kept-alive none']);
  });

  it('names the causes of attempts that the client gave up, which do not count as failures', async () => {
    let given = '';
    const edited = byHand(/^requests-kept/, (rows, epoch, all) => {
      const old = rows.find(({ pod, reused }) => pod === 'web-old-0' && reused);
      const log = (all['workload/web-old-0.ndjson'] ?? []).map((line) => JSON.parse(line) as LogLine);
      const ending = (log.find(({ type }) => type === 'sigterm')?.at ?? 0) - epoch;
      const redialed = rows.find(({ start, reused, code }) => start > ending && !reused && code === 0);
      assert.ok(old && redialed, 'no request opened a connection after the pod got SIGTERM');
      given = `kept-alive-${redialed.seq}`;
      const { sport, connection = 0 } = old;
      const lost = { end: redialed.start, code: 1220, err: 'read: connection reset by peer', status: 0, protocol: '' };
      return rows.flatMap((row) =>
        row === redialed
          ? [
              { ...row, ...lost, ...withoutPod, reused: true, sport, connection },
              { ...row, attempt: 2 },
            ]
          : [row],
      );
    })(files);
    const asBefore = await withFolder(files, judgeArm);
    const { findings, requests } = await withFolder(edited, judgeArm);
    assert.deepEqual([requests.total, requests.failed], [asBefore.requests.total, asBefore.requests.failed]);
    const { measured = '', evidence = [] } = findings.find(({ check }) => check === 'hidden-retries') ?? {};
    assert.match(
      measured,
      /kept-alive 1 of \d+ took more than one connection \(1 keep-alive close race\), 0 were begun/,
    );
    assert.ok(evidence[0]?.text.startsWith(`${given} reset: pod web-old-0 got SIGTERM`), evidence[0]?.text);
  });

  it('counts the client’s retries and the requests that a server began twice, and judges neither', async () => {
    const retried = files[fresh]?.map((line, index) =>
      index === 300 ? line.replace(',200,false,1,', ',200,false,2,') : line,
    );
    const log = 'workload/web-old-0.ndjson';
    const ended = (files[log] ?? []).filter((line) => /"type":"end".*"fresh-/.test(line));
    const twice = ended[Math.floor(ended.length / 2)];
    const begun = files[log]?.flatMap((line) => (line === twice ? [line, line.replace('"end"', '"start"')] : [line]));
    const { verdict, measured } = await noteOf(
      { ...files, [fresh]: retried ?? [], [log]: begun ?? [] },
      'hidden-retries',
    );
    assert.equal(verdict, 'pass');
    assert.match(
      measured,
      /^fresh 1 of \d+ took more than one connection, 1 were begun by servers more than once; kept-alive none$/,
    );
  });

  const count = 'terminated-as-routed';

  it('compares the requests lost at terminated pods with the number that was routed to them', async () => {
    const lost = requests.filter(({ gen, cause }) => gen === 'fresh' && cause === 'terminated-still-routed').length;
    const { verdict, measured, evidence } = await noteOf(files, count);
    assert.equal(verdict, 'pass');
    assert.match(
      measured,
      new RegExp(
        `^${lost} fresh requests failed at terminated pods, \\d+\\.\\d expected from the rate and the endpoints of the rule$`,
      ),
    );
    assert.equal(evidence.length, 3);
  });

  it('says if these differ by more than chance, and does not judge it', async () => {
    const answered = files[fresh]?.map((line) => line.replace(/,1212,"dial: connection refused",0,/, ',0,"",200,'));
    const { verdict, measured } = await noteOf({ ...files, [fresh]: answered ?? [] }, count);
    assert.equal(verdict, 'pass');
    assert.match(measured, /It is \d+\.\d standard deviations off$/);
  });
});
