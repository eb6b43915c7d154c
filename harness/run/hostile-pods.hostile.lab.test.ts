import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { V1Deployment } from '@kubernetes/client-node';
import { defaultClusterName } from '../../clusters/cluster/state.ts';
import { summary } from '../../reports/terminal/summary.ts';
import { writeReports } from '../cli/common/show.ts';
import { onCleanLab } from '../cli/heal/on-lab.ts';
import { having, preStop, replicas, specimen } from '../index.ts';
import { checkKey } from '../model/checks.ts';
import type { Experiment, Workload } from '../model/experiment.ts';
import type { RunFindings } from '../model/finding.ts';
import type { Manifests } from '../model/manifest.ts';
import type { ArmPlan } from '../model/plan.ts';
import type { Progress } from '../model/progress.ts';
import { planExperiment } from '../plan/plan.ts';
import { helpersNamespace } from '../record/lab/helpers.ts';
import { openLab } from '../record/lab/lab.ts';
import { armFiles } from '../recording/run-folder.ts';
import type { Kube, KubernetesObject } from '../sys/kube.ts';
import { withLock } from '../sys/lock.ts';
import { stateDir } from '../sys/paths.ts';
import { untilEvent } from '../testing/drill/predicted/moment.ts';
import { startRun } from './session.ts';

const secrets = {
  env: 'secret-in-env-7a1c',
  annotation: 'secret-in-annotation-7a1c',
  argument: 'secret-in-argument-7a1c',
};
/** The content of a file on the host that no pod may read. */
const canary = 'canary-of-the-host-7a1c';
/** ESC, an OSC 52 that would set a clipboard, and an override of the text's direction. */
const hostileName = '\u001b]52;c;cHduZWQ=\u0007\u202eexe.ndjson';

/** Runs in a pod that may write to the evidence of its arm, and creates files that the collector must not touch. */
const plant = (target: string) => `
const fs = require('node:fs');
const net = require('node:net');
const root = fs.readdirSync('/evidence').map((run) => '/evidence/' + run + '/hostile-pods/treatment').find(fs.existsSync);
const attempt = (work) => { try { work(); } catch (error) { console.error(String(error)); } };
const link = (name) => attempt(() => fs.symlinkSync(${JSON.stringify(target)}, root + '/' + name));
const sparse = (name) => attempt(() => { fs.writeFileSync(root + '/' + name, ''); fs.truncateSync(root + '/' + name, 5e9); });
const forged = (name) => attempt(() => fs.writeFileSync(root + '/' + name, 'planted\\n'));
attempt(() => fs.mkdirSync(root + '/workload', { recursive: true }));
for (const name of ['requests-evil.ndjson', 'SHA256SUMS', 'workload/evil.ndjson', 'workload/passwd']) link(name);
for (const name of ['requests-sparse.ndjson', 'workload/sparse-one.ndjson', 'workload/sparse-two.ndjson']) sparse(name);
for (const name of ['arm.json', 'events.ndjson', 'workload/' + ${JSON.stringify(hostileName)}]) forged(name);
attempt(() => fs.symlinkSync('/', root + '/root'));
attempt(() => fs.mkdirSync(root + '/workload/folder.ndjson'));
attempt(() => net.createServer().listen(root + '/workload/socket.ndjson'));
setInterval(() => {}, 1000);
`;

/**
 * Our own server with a secret in its environment, its annotations and its arguments, and a second pod that creates
 * hostile files.
 */
function workload(target: string): Workload {
  const own = specimen({ startDelayMs: 500 }, having(replicas, 2), having(preStop, { sleep: 1 }));
  return {
    ...own,
    objects(options) {
      const [web, ...others] = structuredClone(own.objects(options)) as unknown as V1Deployment[];
      const { template } = web?.spec ?? {};
      const container = template?.spec?.containers[0];
      assert.ok(web && template?.metadata && container);
      template.metadata.annotations = { 'example.com/token': secrets.annotation };
      container.env?.push({ name: 'API_TOKEN', value: secrets.env });
      container.args = [`--password=${secrets.argument}`];
      return [planter(target), web, ...others] as unknown as Manifests;
    },
  };
}

/** Runs on the node of a pod under test, and may write to the evidence of all arms there. */
const planter = (target: string): V1Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'planter' },
  spec: {
    selector: { matchLabels: { app: 'planter' } },
    template: {
      metadata: { labels: { app: 'planter' } },
      spec: {
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 1,
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } },
            ],
          },
        },
        containers: [
          {
            name: 'planter',
            image: 'specimen',
            imagePullPolicy: 'IfNotPresent',
            command: ['/usr/local/bin/node', '-e', plant(target)],
            securityContext: { runAsUser: 0 },
            volumeMounts: [{ name: 'evidence', mountPath: '/evidence' }],
          },
        ],
        volumes: [{ name: 'evidence', hostPath: { path: '/evidence' } }],
      },
    },
  },
});

const experiment = (target: string): Experiment => ({
  name: 'hostile-pods',
  title: 'Pods that attack their recorder',
  question: 'Does a pod get the recorder to read, write or print what it must not?',
  workload: workload(target),
  traffic: { freshPerSecond: 40, keptAlivePerSecond: 20, timeoutMs: 2000, from: 'control-plane' },
  phases: { warmupMs: 3000, baselineMs: 4000, quietMs: 0, tailMs: 4000 },
  arms: {
    treatment: {
      role: 'treatment',
      disruptions: [
        { id: 'update', when: { atMs: 0 }, fault: { name: 'rollout', params: {} }, limitMs: 90_000 },
        {
          id: 'back',
          when: { after: 'update', event: 'healed', delayMs: 0 },
          fault: { name: 'rollback', params: {} },
          limitMs: 90_000,
        },
      ],
      expect: { kind: 'observed' },
    },
  },
});

/** All files below a folder as text, unpacked if they are compressed. */
function textsBelow(folder: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const bytes = readFileSync(path);
      return { path, text: (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8') };
    });
}

/** Kinds of objects that holdfast might create beside a workload, and all kinds of the workload. */
const kinds = [
  ['v1', 'ConfigMap'],
  ['v1', 'Pod'],
  ['v1', 'Secret'],
  ['v1', 'Service'],
  ['v1', 'ServiceAccount'],
  ['apps/v1', 'Deployment'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['policy/v1', 'PodDisruptionBudget'],
] as const;

/** The objects of a namespace, as kind and name. The names of pods of a Deployment are cut. */
async function objectsIn(kube: Kube, namespace: string): Promise<string[]> {
  const lists = await Promise.all(
    kinds.map(async ([apiVersion, kind]) => {
      const { items } = await kube.list<KubernetesObject>(apiVersion, kind, namespace);
      return items.map(({ metadata }) => `${kind} ${metadata?.name?.replace(/^(web|planter)-.*/, '$1-…')}`);
    }),
  );
  return lists.flat().sort();
}

describe('a run with pods that attack their recorder', function () {
  this.timeout('10m');
  let top: string;
  let folder: string;
  let findings: RunFindings;
  let journal = '';
  /** The objects in the baseline, in the namespace of the arm and in the namespace of its helpers. */
  let present: { readonly workload: string[]; readonly helpers: string[] };
  const told: string[] = [];
  const progress: Progress = {
    plan() {},
    note: (words) => told.push(words),
    now: (words) => told.push(words),
    step: (title, work) => {
      told.push(title);
      return work();
    },
  };

  before(async () => {
    top = await mkdtemp(join(tmpdir(), 'holdfast-hostile-'));
    const target = join(top, 'canary');
    writeFileSync(target, `${canary}\n`);
    const signal = AbortSignal.timeout(540_000);
    const choices = {
      image: 'auto',
      kubernetes: '1.37',
      nodeTimings: 'fast',
      proxyMode: 'iptables',
      install: true,
      cluster: defaultClusterName,
    } as const;
    await withLock('lab', 'holdfast test --fuzz', () =>
      onCleanLab(choices, { progress, signal }, async (lab) => {
        const tested = experiment(target);
        const plan = planExperiment(tested, { seed: 'hostile', settings: {}, arms: [], allArms: false });
        const session = await startRun({
          ...lab,
          experiments: [{ experiment: tested, plan }],
          runs: join(top, 'runs'),
          seed: 'hostile',
          settings: {},
          command: ['./holdfast', 'test', '--fuzz'],
          deadlineMs: 540_000,
          keep: false,
          progress,
          signal,
          judging: signal,
        });
        ({ folder } = session);
        // Files that only root can create: pipes with the names of the files of a generator and of a pod.
        const { kube, onNode, info } = await openLab(lab.cluster);
        const arm = `/evidence/${folder.split('/').at(-1)}/hostile-pods/treatment`;
        const plantPipe = (node: string, path: string) =>
          onNode(node, ['sh', '-c', `mkdir -p ${arm}/workload && mkfifo ${arm}/${path}`], { signal });
        const worker = info.nodes.find(({ role }) => role === 'worker')?.name ?? '';
        await plantPipe(info.generatorNode, 'requests-pipe.ndjson');
        await plantPipe(worker, 'workload/pipe.ndjson');
        const over = new AbortController();
        const look = async ({ name, namespace }: ArmPlan) => {
          const events = join(folder, 'hostile-pods', name, armFiles.events);
          const baseline = { source: 'phase', type: 'baseline' } as const;
          await untilEvent(events, baseline, AbortSignal.any([signal, over.signal]));
          return {
            workload: await objectsIn(kube, namespace),
            helpers: await objectsIn(kube, helpersNamespace(namespace)),
          };
        };
        for (const planned of session.arms) {
          const recorded = session.record(planned).finally(() => over.abort(new Error('the arm is over')));
          [present] = await Promise.all([look(planned.arm), recorded]);
        }
        journal = readFileSync(lab.journal, 'utf8');
        findings = await session.finish();
        writeReports(folder, findings);
      }),
    );
  });

  after(() => rm(top, { recursive: true }));

  const undone = () => {
    const events = textsBelow(folder).find(({ path }) => path.endsWith('events.ndjson.gz'))?.text ?? '';
    const line = events.split('\n').find((each) => each.includes('"undone"'));
    return JSON.parse(line ?? '{}').data as { readonly errors: string[]; readonly leftOut: string[] };
  };

  it('is recorded completely and judged', () => {
    assert.deepEqual(undone().errors, []);
    const [arm] = findings.experiments[0]?.arms ?? [];
    assert.ok(arm && arm.requests.total > 200, `${arm?.requests.total} requests`);
    const doubts = arm.findings
      .filter(({ verdict }) => verdict !== 'pass')
      .map((finding) => `${checkKey(finding)}: ${finding.measured}`);
    assert.deepEqual(doubts, []);
  });

  it('has nothing but the workload in its namespace', () => {
    const ofKubernetes = ['ConfigMap kube-root-ca.crt', 'ServiceAccount default'];
    const pods = ['Pod planter-…', 'Pod web-…', 'Pod web-…'];
    assert.deepEqual(
      present.workload,
      [...ofKubernetes, ...pods, 'Deployment planter', 'Deployment web', 'Service web'].sort(),
    );
    const own = ['ConfigMap generator-script', 'Pod generator-fresh', 'Pod generator-kept-alive'];
    assert.deepEqual(present.helpers, [...ofKubernetes, ...own].sort());
  });

  it('copies only expected evidence, and reports the rest', () => {
    const names = readdirSync(join(folder, 'hostile-pods/treatment/workload'));
    assert.ok(names.length >= 4, names.join());
    assert.deepEqual(
      names.filter((name) => !/^web-[a-z0-9-]+\.ndjson\.gz$/.test(name)),
      [],
    );
    const left = undone().leftOut.join('\n');
    for (const name of [
      'requests-evil.ndjson',
      'evil.ndjson',
      'sparse-one.ndjson',
      'requests-pipe.ndjson',
      'pipe.ndjson',
      'arm.json',
      'exe.ndjson',
    ])
      assert.ok(left.includes(name), `${name} is not among what was left out:\n${left}`);
  });

  it('reads nothing of the host for a pod, and keeps no file that a pod created for an attack', () => {
    for (const { path, text } of textsBelow(folder)) {
      assert.ok(!text.includes(canary), path);
      assert.ok(text !== 'planted\n', path);
    }
  });

  it('holds no value of the environment, the annotations or the arguments', () => {
    const places = [
      ...textsBelow(folder),
      ...textsBelow(join(stateDir(), 'clusters', defaultClusterName)).filter(
        ({ path }) => !path.includes('/evidence/'),
      ),
      { path: 'journal', text: journal },
      { path: 'progress', text: told.join('\n') },
      { path: 'terminal', text: summary(findings, { color: false, width: 100, folder }) },
    ];
    assert.ok(journal.includes('"rollback"') && places.length > 10, 'the places are there');
    for (const { path, text } of places)
      for (const secret of Object.values(secrets)) assert.ok(!text.includes(secret), `${secret} in ${path}`);
  });

  it('prints no control characters in file names', () => {
    const printed = [...told, summary(findings, { color: false, width: 100, folder })].join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    assert.doesNotMatch(printed, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });
});
