import assert from 'node:assert/strict';
import { judgeArm } from '../../judge/judge.ts';
import type { Cause } from '../../model/cause.ts';
import type { Files } from './files.ts';
import { withFolder } from './run-files.ts';
import { tell } from './tell.ts';

interface Said {
  readonly story: string;
  readonly cause: Cause;
  readonly says: RegExp;
  /** Matches the events without which the text is not possible. */
  readonly by?: RegExp;
}

/** Texts about failures with a cause, and the evidence that they need. */
const sayings: readonly Said[] = [
  {
    story: 'rollout that drops what it works on',
    cause: 'killed-in-flight',
    says: /0\.0\d s after SIGTERM, without finishing the request$/,
  },
  {
    story: 'a grace period too short',
    cause: 'killed-in-flight',
    says: /2\.\d\d s after SIGTERM: its grace period of 2\.00 s was over$/,
    by: /"terminated"/,
  },
  {
    story: 'out of memory',
    cause: 'killed-in-flight',
    says: /was seen ended \(OOMKilled, exit code 137\) \d\.\d\d s later, over its memory limit$/,
    by: /OOMKilled/,
  },
  { story: 'crash', cause: 'killed-in-flight', says: /exited \d\.\d\d s later, without SIGTERM$/ },
  {
    story: 'restarted by its probe',
    cause: 'killed-in-flight',
    says: /the kubelet restarted it: Container server failed liveness probe, will be restarted$/,
    by: /"k8s-event"/,
  },
  {
    story: 'recreate',
    cause: 'no-endpoint',
    says: /the strategy Recreate ends every old pod before it starts a new one$/,
    by: /"pod"/,
  },
  { story: 'every pod evicted', cause: 'no-endpoint', says: /its last 3 pods: evicted$/, by: /"eviction"/ },
  { story: 'every pod preempted', cause: 'no-endpoint', says: /its last 3 pods: preempted$/, by: /"k8s-event"/ },
  { story: 'scaled to zero and back', cause: 'no-endpoint', says: /it was scaled to 0$/, by: /"deployment"/ },
  { story: 'no pod ready', cause: 'no-endpoint', says: /its last 3 pods: no longer ready$/, by: /"source":"pod"/ },
  {
    story: 'every pod on a node that goes off',
    cause: 'no-endpoint',
    says: /its last 3 pods: on w1, powered off \d\.\d\d s before$/,
    by: /"container"/,
  },
  {
    story: 'a node frozen',
    cause: 'node-down',
    says: /was frozen .*: its kernel accepts connections, and no process answers$/,
    by: /"container"/,
  },
  {
    story: 'a node cut off',
    cause: 'node-down',
    says: /listened on w1, which ran and was cut off: last contact \d\.\d\d s before, and none after that$/,
    by: /"lease"/,
  },
  {
    story: 'a node off while the API server is down',
    cause: 'node-down',
    says: /the API server had been down for \d\.\d\d s, and the endpoints were frozen$/,
    by: /"api-server"/,
  },
  {
    story: 'overload',
    cause: 'overload',
    says: /took it after 0\.\d\d s, and had worked on it for [12]\.\d\d s when the client gave up$/,
  },
  {
    story: 'answers lost',
    cause: 'response-lost',
    says: /logged its end 1\.9\d s before, but no answer arrived$/,
  },
  { story: 'no DNS', cause: 'dns-failure', says: /^not sent: its name was not resolved \(lookup web: no such host\)$/ },
];

const wordsOf = async (files: Files, cause: Cause): Promise<string[]> => {
  const { failures } = await withFolder(files, judgeArm);
  return failures.filter((failure) => failure.cause === cause).map(({ words }) => words);
};

describe('the text about a failure', () => {
  for (const { story, cause, says, by } of sayings) {
    const { files } = tell({ story, seed: 4, skewMs: 10, lateMs: 30 });

    it(`includes the evidence with numbers, for ${story}`, async () => {
      const words = await wordsOf(files, cause);
      assert.ok(
        words.some((each) => says.test(each)),
        words[0],
      );
    });

    if (by === undefined) continue;
    it(`leaves out the evidence if it was not recorded, for ${story}`, async () => {
      const events = (files['events.ndjson'] ?? []).filter((line) => !by.test(line));
      const words = await wordsOf({ ...files, 'events.ndjson': events }, cause);
      assert.deepEqual(words.filter((each) => says.test(each)).slice(0, 1), []);
    });
  }
});
