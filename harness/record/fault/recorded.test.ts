import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterNode } from '../../model/cluster.ts';
import type { Owner } from '../../model/owner.ts';
import { faultSamples } from '../../testing/drill/faults.ts';
import { ObservedState } from '../../witness/observed-state.ts';
import { runSchedule } from '../disruptions.ts';
import { Recorder } from '../observe/recorder.ts';
import { FakeLab } from '../testing/lab.ts';
import { ActionLog } from '../undo/action-log.ts';
import { Journal } from '../undo/journal.ts';
import { publicJournal } from '../undo/public-journal.ts';
import { Undo } from '../undo/undo.ts';
import { catalogue } from './catalogue.ts';
import type { LabContext } from './fault.ts';

const namespace = 'holdfast-arm';
const owner: Owner = { kind: 'Deployment', name: 'web' };
/** A part of each value that must never be recorded. */
const secret = 'hunter2';

/** A template with a secret in each place where a workload may have one. */
const template = (revision: string, app: string) => ({
  metadata: { labels: { app }, annotations: { 'vault/token': `${secret}-annotation-${revision}` } },
  spec: {
    nodeName: '',
    imagePullSecrets: [{ name: `${secret}-pull` }],
    initContainers: [{ name: 'init', args: [`${secret}-init`] }],
    volumes: [{ name: 'v', csi: { driver: 'd', volumeAttributes: { key: `${secret}-volume` } } }],
    containers: [
      {
        name: 'web',
        image: `registry.invalid/web:${secret}`,
        command: ['serve', `${secret}-command`],
        args: [`--password=${secret}-argument-${revision}`],
        env: [
          { name: 'PASSWORD', value: `${secret}-variable-${revision}` },
          { name: 'START_DELAY_MS', value: `${secret}-delay` },
        ],
        ports: [{ containerPort: 8080 }],
        readinessProbe: { httpGet: { path: `/${secret}-probe`, port: 8080, httpHeaders: [{ value: secret }] } },
        lifecycle: { preStop: { exec: { command: [`${secret}-hook`] } } },
        resources: { requests: { cpu: '100m' }, limits: { memory: '64Mi' } },
      },
    ],
  },
});

describe('the recorded part of a plan', () => {
  let folder: string;
  let lab: FakeLab;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-recorded-'));
    lab = new FakeLab(folder, 'run');
    const worker = (name: string, ip: string): ClusterNode => ({ ...lab.generator, name, ip, role: 'worker' });
    Object.assign(lab.info, {
      nodes: [lab.generator, worker('w1', '10.213.0.3'), worker('w2', '10.213.0.4'), worker('w3', '10.213.0.5')],
      profile: { cni: 'kindnet' },
    });
    const onNode = lab.onNode;
    lab.onNode = async (...args) => ({ ...(await onNode(...args)), stdout: '[{"gateway":"10.213.0.1"}]' });
    put('Deployment', 'web', deployment('web', {}));
    put('Deployment', 'db', deployment('db', { 'holdfast.dev/dependency': 'true' }));
    for (const revision of ['1', '2']) put('ReplicaSet', `web-${revision}`, replicaSet(revision));
    for (const [index, node] of ['w1', 'w2'].entries()) {
      put('Pod', `web-1-${index}`, pod('web', node, index));
      put('Pod', `db-${index}`, pod('db', node, index + 2));
    }
    for (const { name } of lab.info.nodes) {
      const status = { conditions: [{ type: 'Ready', status: 'True' }], allocatable: { cpu: '4' } };
      lab.kube.objects.set(`Node//${name}`, { kind: 'Node', metadata: { name }, ...{ status } });
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  type Part = { readonly metadata?: object; readonly [key: string]: unknown };
  const put = (kind: string, name: string, { metadata, ...rest }: Part) =>
    lab.kube.objects.set(`${kind}/${namespace}/${name}`, { kind, metadata: { name, namespace, ...metadata }, ...rest });
  const annotations = { token: `${secret}-of-the-object` };
  const deployment = (app: string, labels: object): Part => ({
    metadata: { uid: `uid-${app}`, generation: 2, labels, annotations },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } },
      template: template('1', app),
    },
  });
  const replicaSet = (revision: string): Part => ({
    metadata: {
      labels: { 'pod-template-hash': revision },
      annotations: { ...annotations, 'deployment.kubernetes.io/revision': revision },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid-web' }],
    },
    spec: { template: template(revision === '1' ? '0' : '1', 'web') },
  });
  const pod = (app: string, node: string, index: number): Part => {
    const { metadata, spec } = template('1', app);
    const running = { name: 'web', restartCount: 0, state: { running: {} }, containerID: `cri://${'ab'.repeat(32)}` };
    return {
      metadata: { ...metadata, labels: { app, 'pod-template-hash': '2' }, uid: `uid-${app}-${index}` },
      spec: { ...spec, nodeName: node },
      status: {
        phase: 'Running',
        podIP: `10.244.0.${index + 2}`,
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [running],
      },
    };
  };
  const context = (): LabContext => ({
    ...{ lab, kube: lab.kube, namespace, helpersNamespace: `${namespace}-helpers` },
    ...{ owner, id: 'it', signal: AbortSignal.timeout(10_000) },
    record() {},
  });
  const planOf = async (name: string) => {
    const fault = catalogue.get(name);
    assert.ok(fault);
    const params = faultSamples.flatMap(({ faults }) => faults).find((each) => each.name === name)?.params;
    const plan = JSON.parse(JSON.stringify(await fault.plan(context(), fault.params.parse(params))));
    assert.deepEqual(fault.planned.parse(plan), plan);
    return { fault, plan };
  };

  for (const name of catalogue.keys()) {
    it(`by ${name} holds no variable, argument or annotation, and everything that its witness needs`, async () => {
      const { fault, plan } = await planOf(name);
      const recorded = fault.recorded.parse(plan);
      assert.doesNotMatch(JSON.stringify(recorded), new RegExp(secret));
      const injection = { id: 'it', since: 0 };
      assert.deepEqual(
        fault.landed(new ObservedState(), recorded, injection),
        fault.landed(new ObservedState(), plan, injection),
      );
      const unknown = { ...plan, patch: secret, env: { PASSWORD: secret } };
      assert.deepEqual(fault.recorded.parse(unknown), recorded);

      const path = join(folder, 'journal', 'journal.ndjson');
      const journal = new Journal(path);
      journal.begin({ kind: 'inject', id: 'it', fault: name, namespace, owner, plan });
      const lines = publicJournal(path);
      assert.deepEqual(JSON.parse(lines).deed.plan, recorded);
      assert.doesNotMatch(lines, new RegExp(secret));
    });
  }

  it('is the only part of the plan in the events', async () => {
    const recorder = new Recorder(join(folder, 'events.ndjson'));
    const journal = new Journal(join(folder, 'journal', 'journal.ndjson'));
    const undo = new Undo();
    const fault = { name: 'bad-version', params: {} };
    const actions = new ActionLog(lab, journal, undo);
    const shown: unknown[] = [];
    const approve = async (plan: unknown) => void shown.push(plan);
    const { signal } = new AbortController();
    await runSchedule([{ id: 'it', when: { atMs: 0 }, fault, limitMs: 100 }], {
      ...{ cluster: lab, namespace, owner, recorder, actions, signal, approve },
    });
    await undo.unwind();
    await recorder.close();
    const events = readFileSync(join(folder, 'events.ndjson'), 'utf8');
    assert.match(events, /"type":"intent".*"probed":true/);
    assert.match(events, /"type":"healed"/);
    for (const text of [events, JSON.stringify(shown), publicJournal(journal.path)])
      assert.doesNotMatch(text, new RegExp(secret));
    // The undoing needs the value, and only the owner can read it in the journal.
    assert.match(readFileSync(journal.path, 'utf8'), new RegExp(`${secret}-delay`));
  });
});
