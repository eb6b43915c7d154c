import assert from 'node:assert/strict';
import type { FailedRequest } from '../../model/finding.ts';
import { byHand, withoutPod } from '../../testing/damages/by-hand.ts';
import { inOrder } from '../../testing/damages/witness-edits.ts';
import { at, stamp } from '../../testing/worlds/clocks.ts';
import { endOf, extra } from '../../testing/worlds/extra-request.ts';
import type { Files } from '../../testing/worlds/files.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { judgeArm } from '../judge.ts';

describe('a Service without an endpoint', () => {
  it('is decided by the endpoints, not by the error code', async () => {
    const arm = syntheticArm('neither', armSettings.neither, { seed: 2 });
    // The slices have no endpoint for two seconds. So do the rules, a moment later.
    const from = arm.world.phases.fault - 2500;
    const slices = arm.files['events.ndjson']?.filter((line) => line.includes('"source":"endpointslice"')) ?? [];
    const full = JSON.parse(slices.findLast((line) => JSON.parse(line).at < at(from)) ?? '');
    const note = (moment: number, endpoints: unknown) =>
      JSON.stringify({ ...full, at: at(moment), data: { ...full.data, endpoints } });
    const [header = '', ...told] = arm.files['events.ndjson'] ?? [];
    const events = [...told, note(from, []), note(from + 2000, full.data.endpoints)];
    const lost = new Set(
      arm.requests
        .filter(({ start, gen }) => gen === 'fresh' && start > from + 200 && start < from + 1900)
        .map(({ seq }) => seq),
    );
    const files: Files = {
      ...arm.files,
      'events.ndjson': [header, ...inOrder(events)],
      // The recorded rules still had endpoints, so this record must go.
      'rules.log': [],
      'conntrack.log': (arm.files['conntrack.log'] ?? []).filter((line) => {
        const port = Number(/sport=(\d+)/.exec(line)?.[1]) - 10_000;
        return !(lost.has(port) && line.includes('src=10.244.9.5 '));
      }),
    };
    for (const pod of arm.world.pods) {
      const path = `workload/${pod.name}.ndjson`;
      files[path] = (files[path] ?? []).filter((line) => !lost.has(Number(/"fresh-(\d+)"/.exec(line)?.[1])));
    }
    const silent = { code: 1050, err: 'request timeout', status: 0, ...withoutPod };
    const timedOut = byHand(/^requests-fresh/, (rows) =>
      rows.map((row) => (lost.has(row.seq) ? { ...row, end: row.start + 2e6, ...silent } : row)),
    );
    const findings = await withFolder(timedOut(files), judgeArm);
    assert.equal(findings.requests.byCause['no-endpoint'], lost.size);
    const failure = findings.failures.find(({ cause }) => cause === 'no-endpoint');
    assert.match(
      failure?.words ?? '',
      /^no answer in 2\.00 s: the Service had lost its last usable endpoint 0\.2\d s before$/,
    );
  });

  /**
   * Judges a refusal whose conntrack event was lost, shortly after the Service had no endpoint for a moment. `rules`
   * maps the recorded lines of nft.
   */
  async function refusedUnrecorded(
    rules: (start: number, told: readonly string[]) => string[],
  ): Promise<FailedRequest | undefined> {
    let start = 0;
    const arm = syntheticArm('pre-stop-only', armSettings['pre-stop-only'], {
      more(world) {
        start = endOf(
          world.pods.find(({ name }) => name === 'web-new-2'),
          'listen',
        );
        // Between two syncs of the rules.
        start -= 500;
        return [extra(start, { sport: 9008 })];
      },
    });
    const [header = '', ...lines] = arm.files['events.ndjson'] ?? [];
    const events = lines.map((line) => JSON.parse(line));
    const before = events.findLast((event) => event.source === 'endpointslice' && event.at < at(start - 2600));
    const note = (moment: number, endpoints: unknown) => ({
      ...before,
      at: at(moment),
      data: { ...before.data, endpoints },
    });
    const noted = [...events, note(start - 2500, []), note(start - 2400, before.data.endpoints)];
    const files: Files = {
      ...arm.files,
      'events.ndjson': [header, ...inOrder(noted.map((event) => JSON.stringify(event)))],
      'conntrack.log': [...(arm.files['conntrack.log'] ?? []), 'WARNING: We have hit ENOBUFS! We are losing events.'],
      'rules.log': rules(start, arm.files['rules.log'] ?? []),
    };
    const findings = await withFolder(files, judgeArm);
    return findings.failures.find(({ request }) => request.sport === 9008);
  }

  it('is not assumed if connections are known to be missing from the recording', async () => {
    const failure = await refusedUnrecorded(() => []);
    assert.equal(failure?.cause, 'unattributed');
  });

  it('is known by the rules if connections are missing from the recording', async () => {
    const failure = await refusedUnrecorded((start, told) => {
      const stampOf = (line: string) => line.split(' ', 1)[0] ?? '';
      const from = stamp(at(start - 200));
      const before = told.filter((line) => stampOf(line) < from);
      const standing = before.filter((line) => stampOf(line) === stampOf(before.at(-1) ?? ''));
      const emptied = `${from} nft[77]: delete rule ip nat KUBE-SVC-WEB handle 1`;
      const again = standing.map((line) => line.replace(stampOf(line), stamp(at(start + 200))));
      return [...told, emptied, ...again].sort((one, other) => Number(stampOf(one)) - Number(stampOf(other)));
    });
    assert.equal(failure?.cause, 'no-endpoint');
  });
});
