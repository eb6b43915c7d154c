import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RecordedEvent } from '../model/event.ts';
import type { Manifests } from '../model/manifest.ts';
import type { OwnerKind } from '../model/owner.ts';
import type { ArmPlan } from '../model/plan.ts';
import type { KubernetesObject, V1Deployment } from '../sys/kube.ts';
import { runArm } from './run-arm.ts';
import { FakeLab } from './testing/lab.ts';
import { healFrom } from './undo/heal.ts';
import { Journal } from './undo/journal.ts';
import { NotUndone } from './undo/undo.ts';

const evidencePath = 'run-1/rolling-update/treatment';
let onProgress: (text: string) => void;
const progress = {
  plan() {},
  note() {},
  now: (text: string) => onProgress(text),
  step: <T>(_title: string, work: () => Promise<T>) => work(),
};

const objectsOf = (kind: OwnerKind): Manifests => [
  {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } },
    },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'front' }, spec: { selector: { app: 'web' } } },
];

const specOf = (object: object): object => (object as { readonly spec: object }).spec;

const armWith = (limitMs: number): ArmPlan =>
  ({
    name: 'treatment',
    namespace: 'holdfast-treatment',
    workload: {
      service: 'front',
      owner: { kind: 'Deployment', name: 'web' },
      container: 'server',
      facts: { budget: [] },
    },
    lab: { busyWorkers: 0, scheduler: 'default-scheduler' },
    traffic: { freshPerSecond: 10, keptAlivePerSecond: 10, timeoutMs: 100 },
    phases: { warmupMs: 1, baselineMs: 1, quietMs: 1, tailMs: 1 },
    disruptions: [{ id: 'update', when: { atMs: 0 }, fault: { name: 'rollout', params: {} }, limitMs }],
  }) as unknown as ArmPlan;

describe('running an arm', () => {
  let folder: string;
  let lab: FakeLab;
  let stopping: AbortController;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-arm-'));
    lab = new FakeLab(folder, evidencePath);
    stopping = new AbortController();
    onProgress = () => {};
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = async (arm = armWith(5_000), keep = false, objects = objectsOf('Deployment')) => {
    const journal = new Journal(join(folder, 'journal.ndjson'));
    const recording = join(folder, 'recording');
    try {
      await runArm(arm, {
        lab,
        objects,
        id: 'run-1',
        experiment: 'web@0',
        folder: recording,
        evidencePath,
        keep,
        journal,
        progress,
        signal: stopping.signal,
      });
    } finally {
      journal.close();
    }
  };
  const events = async (): Promise<RecordedEvent[]> =>
    (await readFile(join(folder, 'recording', 'events.ndjson'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordedEvent);
  const told = async (source: string) =>
    (await events()).filter((event) => event.source === source).map(({ type }) => type);
  const namespaces = () => [...lab.kube.objects.keys()].filter((key) => key.startsWith('Namespace/'));
  const namespacesAndPods = ({ kube }: FakeLab) =>
    [...kube.objects.keys()].filter((key) => /^(Namespace|Pod)\//.test(key));

  const helpers = 'holdfast-treatment-helpers';
  /** An arm with pods of every kind: generators, a pod that keeps a worker busy, and a pod of a fault. */
  const armWithHelpers = (): ArmPlan => {
    const worker = { ...lab.generator, name: 'w1', role: 'worker', evidence: join(folder, 'evidence-of-w1') };
    Object.assign(lab.info, { nodes: [lab.generator, worker] });
    mkdirSync(worker.evidence);
    const status = { conditions: [{ type: 'Ready', status: 'True' }] };
    lab.kube.objects.set('Node//w1', { kind: 'Node', metadata: { name: 'w1' }, ...{ status } });
    const arm = armWith(5_000);
    const burn = { name: 'cpu-burn', params: { nodes: { pick: 'without-replicas' } } };
    return {
      ...arm,
      lab: { ...arm.lab, busyWorkers: 1 },
      disruptions: [...arm.disruptions, { id: 'burn', when: { atMs: 0 }, fault: burn, limitMs: 5_000 }],
    };
  };

  it('runs all phases, injects its faults, and leaves only a recording', async () => {
    await run();
    assert.deepEqual(await told('phase'), ['deploy', 'warmup', 'baseline', 'fault', 'tail', 'end', 'undone']);
    assert.deepEqual(await told('fault'), ['intent', 'injected', 'landed', 'healed']);
    assert.deepEqual(namespaces(), []);
    assert.ok(existsSync(join(folder, 'recording', 'requests-fresh.ndjson')));
    assert.ok(!existsSync(join(folder, 'evidence', evidencePath)));
  });

  it('observes until every watch has shown that it is alive', async () => {
    await run();
    const all = await events();
    const after = all.slice(all.findIndex(({ source, type }) => source === 'phase' && type === 'end'));
    const alive = new Set(after.filter(({ type }) => type === 'alive').map(({ subject }) => subject));
    const watches = ['pod', 'endpointslice', 'deployment', 'statefulset', 'k8s-event', 'budget', 'lease', 'node'];
    assert.deepEqual(alive, new Set(watches));
    const { recorded } = JSON.parse(await readFile(join(folder, 'recording', 'arm.json'), 'utf8'));
    // This arm has no budget.
    assert.deepEqual(
      watches.filter((source) => !recorded.includes(source)),
      ['budget'],
    );
  });

  it('sends traffic only when every replica is available', async () => {
    const create = lab.kube.create.bind(lab.kube);
    let isAvailable = false;
    lab.kube.create = async (object) => {
      await create(object);
      if (object.kind === 'ConfigMap') assert.ok(isAvailable);
      if (object.kind !== 'Deployment') return;
      const deployment = object as V1Deployment;
      const { status } = deployment;
      deployment.status = { ...status, availableReplicas: 1 };
      setTimeout(() => {
        deployment.status = { ...status };
        isAvailable = true;
      }, 50);
    };
    await run();
    assert.equal((await told('phase')).at(-1), 'undone');
  });

  it('records the pods, the endpoints and the owner of its workload, and nothing of other workloads', async () => {
    const namespace = 'holdfast-treatment';
    const sliceOf = (service: string, addressType = 'IPv4') => ({
      kind: 'EndpointSlice',
      metadata: { name: `${service}-${addressType}`, namespace, labels: { 'kubernetes.io/service-name': service } },
      ...{ addressType, endpoints: [] },
    });
    lab.kube.onCreate = (created) => {
      if (created.kind === 'Service') Object.assign(specOf(created), { ipFamilies: ['IPv4', 'IPv6'] });
      if (created.kind !== 'ConfigMap') return;
      const other = { kind: 'Pod', metadata: { name: 'other-1', namespace, labels: { app: 'other' } } };
      for (const object of [sliceOf('front'), sliceOf('front', 'IPv6'), sliceOf('web'), other])
        lab.kube.emit({ type: 'ADDED', object });
    };
    await run();
    const names = async (source: string) =>
      new Set((await events()).flatMap((event) => (event.source === source ? [event.name] : [])));
    assert.deepEqual(await names('pod'), new Set(['web-1-0', 'web-1-1', 'web-2-0', 'web-2-1']));
    assert.deepEqual(await names('endpointslice'), new Set(['front-IPv4']));
    assert.deepEqual(await names('deployment'), new Set(['web']));
    assert.deepEqual(await names('statefulset'), new Set());
  });

  it('can have a StatefulSet', async () => {
    await run(armWith(5_000), false, objectsOf('StatefulSet'));
    assert.deepEqual(await told('fault'), ['intent', 'injected', 'landed', 'healed']);
    const intent = (await events()).find(({ type }) => type === 'intent')?.data as { plan: { owner: object } };
    assert.deepEqual(intent.plan.owner, { kind: 'StatefulSet', name: 'web' });
    assert.deepEqual(new Set(await told('statefulset')), new Set(['added', 'modified']));
    assert.deepEqual(await told('deployment'), []);
  });

  it('fails before traffic if the Service of its clients selects other pods, and undoes everything', async () => {
    lab.kube.onCreate = (created) => {
      if (created.kind === 'Service') Object.assign(specOf(created), { selector: { app: 'nothing' } });
    };
    await assert.rejects(
      run(),
      /^NoTarget: Service holdfast-treatment\/front does not select exactly the pods of one Deployment or StatefulSet\. /,
    );
    assert.deepEqual(namespaces(), []);
  });

  it('creates nothing but the workload in the namespace of the arm', async () => {
    const created: KubernetesObject[] = [];
    lab.kube.onCreate = (object) => void created.push(object);
    await run(armWithHelpers());
    assert.equal((await told('fault')).filter((step) => step === 'landed').length, 2);
    const namesIn = (namespace: string) =>
      created.flatMap(({ kind, metadata }) => (metadata?.namespace === namespace ? [`${kind} ${metadata.name}`] : []));
    assert.deepEqual(namesIn('holdfast-treatment'), ['Deployment web', 'Service front']);
    assert.deepEqual(namesIn(helpers), [
      'Pod busy-0',
      'ConfigMap generator-script',
      'Pod generator-fresh',
      'Pod generator-kept-alive',
      'Pod burn-w1',
    ]);
    for (const { kind, metadata } of created)
      if (kind === 'Pod') assert.ok(metadata?.labels?.['holdfast.dev/helper'], metadata?.name);
    assert.deepEqual(namespacesAndPods(lab), []);
  });

  it('lets its own pods mount a folder of their node, and marks its namespaces with the run', async () => {
    const labels = new Map<string | undefined, object | undefined>();
    lab.kube.onCreate = ({ kind, metadata }) => {
      if (kind === 'Namespace') labels.set(metadata?.name, metadata?.labels);
    };
    await run();
    assert.deepEqual(
      [...labels],
      [
        [helpers, { 'holdfast.dev/run': 'run-1', 'pod-security.kubernetes.io/enforce': 'privileged' }],
        ['holdfast-treatment', { 'holdfast.dev/run': 'run-1' }],
      ],
    );
  });

  it('can be healed from its journal alone after a crash before or after any change', async () => {
    const crashes: { readonly journal: string; readonly objects: ReadonlyMap<string, KubernetesObject> }[] = [];
    const crash = () => {
      const journal = readFileSync(join(folder, 'journal.ndjson'), 'utf8');
      crashes.push({ journal, objects: new Map(lab.kube.objects) });
    };
    const aroundCrashes = async (change: () => Promise<void>) => {
      crash();
      await change();
      crash();
    };
    const { kube } = lab;
    const [create, patch, remove] = [kube.create.bind(kube), kube.patch.bind(kube), kube.remove.bind(kube)];
    kube.create = (object) => aroundCrashes(() => create(object));
    kube.patch = (ref, change) => aroundCrashes(() => patch(ref, change));
    kube.remove = (ref) => aroundCrashes(() => remove(ref));
    await run(armWithHelpers());
    const left = crashes.map(({ objects }) => [...objects.keys()].join());
    for (const object of [`Namespace//${helpers}`, `Pod/${helpers}/busy-0`, `Pod/${helpers}/burn-w1`])
      assert.ok(
        left.some((keys) => keys.includes(object)),
        object,
      );
    for (const [index, { journal, objects }] of crashes.entries()) {
      const crashed = new FakeLab(join(folder, `crash-${index}`), evidencePath);
      for (const [key, object] of objects) crashed.kube.objects.set(key, object);
      const path = join(folder, `crash-${index}`, 'journal', 'journal.ndjson');
      mkdirSync(dirname(path));
      writeFileSync(path, journal);
      assert.deepEqual(await healFrom(path, crashed, progress), []);
      assert.deepEqual(namespacesAndPods(crashed), [], `crash ${index}`);
    }
  });

  it('records what Kubernetes reports about its own pods, and about no other namespace', async () => {
    const other = { namespace: 'kube-system', name: 'coredns' };
    onProgress = (text) => {
      if (!text.includes('baseline')) return;
      const reported = { involvedObject: { kind: 'Pod', ...other }, reason: 'Unhealthy' };
      lab.kube.emit({ type: 'ADDED', object: { kind: 'Event', metadata: other, ...reported } });
    };
    await run(armWithHelpers());
    const reported = (await events()).filter(({ source }) => source === 'k8s-event');
    assert.deepEqual(
      new Set(reported.map(({ namespace, name }) => `${namespace}/${name}`)),
      new Set(['generator-fresh', 'generator-kept-alive', 'burn-w1'].map((name) => `${helpers}/${name}`)),
    );
  });

  const tellOfPod = () =>
    lab.kube.emit({
      type: 'DELETED',
      object: { kind: 'Pod', metadata: { name: 'web-late', namespace: 'holdfast-treatment', labels: { app: 'web' } } },
    });
  const podNames = async () =>
    new Set((await events()).flatMap((event) => (event.source === 'pod' && 'name' in event ? [event.name] : [])));

  it('records nothing after its end, when everything is undone', async () => {
    onProgress = (text) => {
      if (text.endsWith('undoing all changes')) tellOfPod();
    };
    await run();
    assert.deepEqual(await podNames(), new Set(['web-1-0', 'web-1-1', 'web-2-0', 'web-2-1']));
    assert.equal(lab.kube.watchers, 0);
  });

  it('records nothing of the removal of its namespace after a step that broke', async () => {
    lab.kube.onCreate = ({ kind }) => {
      if (kind === 'ConfigMap') throw new Error('quota exceeded');
    };
    const remove = lab.kube.remove.bind(lab.kube);
    lab.kube.remove = async (ref) => {
      if (ref.kind === 'Namespace') tellOfPod();
      await remove(ref);
    };
    await assert.rejects(run(), /quota exceeded/);
    assert.deepEqual(await podNames(), new Set(['web-1-0', 'web-1-1']));
    assert.equal(lab.kube.watchers, 0);
  });

  it('ends before the fault if the machine cannot measure, records the reason, and undoes everything', async () => {
    // Every request is sent 80 ms late, and the baseline is long enough to see some.
    const late = (seq: number, at: number) => `[${seq},${at - 80_000},${at},${at + 900},0,"",200,0,1,40001,"",1,1,1]\n`;
    let seq = 1;
    const rows = join(folder, 'evidence', evidencePath, 'requests-fresh.ndjson');
    const writing = setInterval(() => {
      if (!existsSync(rows)) return;
      writeFileSync(rows, late(seq++, Date.now() * 1000), { flag: 'a' });
    }, 10);
    try {
      const arm = armWith(5_000);
      await run({ ...arm, phases: { ...arm.phases, warmupMs: 100, baselineMs: 900 } });
    } finally {
      clearInterval(writing);
    }
    assert.deepEqual(await told('phase'), ['deploy', 'warmup', 'baseline', 'unmeasurable', 'end', 'undone']);
    assert.deepEqual(await told('fault'), []);
    const { data } = (await events()).find(({ type }) => type === 'unmeasurable') ?? {};
    assert.match(
      (data as { why: string }).why,
      /^fresh sent 100 % of its requests later than 50 ms after they were due/,
    );
    assert.deepEqual(namespaces(), []);
  });

  it('writes the journal to disk before it changes the workload', async () => {
    let journaled = '';
    lab.kube.patch = async () => {
      journaled = await readFile(join(folder, 'journal.ndjson'), 'utf8');
    };
    await run(armWith(10));
    assert.match(journaled, /"kind":"inject".*"fault":"rollout".*"from":"1","oldPods"/);
  });

  it('records that a fault did not take effect, and continues', async () => {
    lab.kube.stuck = true;
    await run(armWith(10));
    assert.deepEqual(await told('fault'), ['intent', 'injected', 'not-landed', 'healed']);
    assert.equal((await told('phase')).at(-2), 'end');
  });

  it('undoes everything after an interrupt, and keeps the recording', async () => {
    lab.kube.stuck = true;
    onProgress = (text) => {
      if (text.startsWith('treatment: fault')) stopping.abort(new Error('Ctrl-C'));
    };
    await assert.rejects(run(), /Ctrl-C/);
    assert.deepEqual((await told('phase')).slice(-2), ['error', 'undone']);
    assert.deepEqual(namespaces(), []);
    assert.ok(existsSync(join(folder, 'recording', 'requests-kept-alive.ndjson')));
  });

  it('undoes earlier changes if a later step fails', async () => {
    lab.kube.onCreate = ({ kind }) => {
      if (kind === 'ConfigMap') throw new Error('quota exceeded');
    };
    await assert.rejects(run(), /quota exceeded/);
    assert.deepEqual(namespaces(), []);
    assert.ok(lab.commands.some((command) => command.includes('systemctl stop holdfast-conntrack')));
  });

  it('fails if something cannot be undone, because it would affect the next arm', async () => {
    const remove = lab.kube.remove.bind(lab.kube);
    lab.kube.remove = async (ref) => {
      if (ref.kind === 'Namespace') throw new Error('API server gone');
      await remove(ref);
    };
    await assert.rejects(
      run(),
      /remove namespaces holdfast-treatment and holdfast-treatment-helpers: API server gone\nUndo the changes/,
    );
    assert.deepEqual((await told('phase')).slice(-3), ['end', 'error', 'undone']);
  });

  it('reports changes that it could not undo instead of the interrupt', async () => {
    lab.kube.stuck = true;
    lab.kube.remove = async () => {
      throw new Error('API server gone');
    };
    const running = run();
    setTimeout(() => stopping.abort(new Error('interrupted by SIGINT')), 300);
    await assert.rejects(running, (error: Error) => {
      assert.ok(error instanceof NotUndone);
      assert.match(
        error.message,
        /^interrupted by SIGINT\nundo: [\s\S]*API server gone\nUndo the changes: .\/holdfast heal$/,
      );
      return true;
    });
  });

  it('undoes everything and reports what it left out, for any content of its evidence', async () => {
    const evidence = join(folder, 'evidence', evidencePath);
    const planted = ['arm.json', 'events.ndjson', 'conntrack.log'];
    lab.kube.onCreate = ({ kind }) => {
      if (kind !== 'ConfigMap') return;
      for (const name of planted) mkdirSync(join(evidence, name));
      symlinkSync('/etc', join(evidence, 'workload'));
    };
    await run();
    const { data } = (await events()).at(-1) ?? {};
    const { errors, leftOut } = data as { errors: string[]; leftOut: string[] };
    assert.deepEqual(errors, []);
    assert.deepEqual(leftOut, [
      ...planted.map((name) => `lab-control-plane: ${name}: not a regular file of an expected name`).sort(),
      'lab-control-plane: workload/: not a folder, but a link or a file',
    ]);
    assert.ok(existsSync(join(folder, 'recording', 'requests-fresh.ndjson')));
  });

  it('creates recordings that only their owner can read', async () => {
    await run();
    const recording = join(folder, 'recording');
    assert.equal(statSync(recording).mode & 0o777, 0o700);
    for (const name of await readdir(recording, { recursive: true })) {
      const stats = statSync(join(recording, name));
      assert.equal(stats.mode & 0o777, stats.isDirectory() ? 0o700 : 0o600, name);
    }
  });

  it('reports at once why a generator cannot start', async () => {
    lab.kube.admits = false;
    await assert.rejects(run(), /generator fresh ended before its first answer: Node didn't have enough resource: cpu/);
    assert.deepEqual(namespaces(), []);
  });

  it('starts no generator for a kind of connection without requests', async () => {
    const arm = armWith(5_000);
    await run({
      ...arm,
      traffic: { freshPerSecond: 10, keptAlivePerSecond: 0, timeoutMs: 100, from: 'control-plane' },
    });
    assert.deepEqual((await told('phase')).at(-1), 'undone');
    const recorded = await readdir(join(folder, 'recording'));
    assert.deepEqual(
      recorded.filter((name) => name.startsWith('requests-')),
      ['requests-fresh.ndjson'],
    );
  });

  it('leaves the workload and the busy workers if asked to, and nothing else', async () => {
    await run(armWithHelpers(), true);
    assert.deepEqual(namespaces(), [`Namespace//${helpers}`, 'Namespace//holdfast-treatment']);
    const pods = namespacesAndPods(lab).filter((key) => key.startsWith(`Pod/${helpers}/`));
    assert.deepEqual(pods, [`Pod/${helpers}/busy-0`]);
  });
});
