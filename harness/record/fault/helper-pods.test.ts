import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helperLabels } from '../lab/helpers.ts';
import { FakeLab } from '../testing/lab.ts';
import { controlPlaneStop } from './control-plane-stop.ts';
import { cpuBurn } from './cpu-burn.ts';
import { drain } from './drain.ts';
import { type LabContext, NoTarget } from './fault.ts';
import { kubectlDrain } from './kubectl-drain.ts';
import { preemption } from './preemption.ts';

const namespace = 'holdfast-arm';
const helpersNamespace = 'holdfast-arm-helpers';

describe('the pods of holdfast itself', () => {
  let folder: string;
  let lab: FakeLab;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-helpers-'));
    lab = new FakeLab(folder, 'run');
    Object.assign(lab.info, { nodes: [lab.generator, { ...lab.generator, name: 'w1', role: 'worker' }] });
    const status = { conditions: [{ type: 'Ready', status: 'True' }] };
    lab.kube.objects.set('Node//w1', { kind: 'Node', metadata: { name: 'w1' }, ...{ status } });
    const spec = { selector: { matchLabels: { app: 'web' } } };
    const web = { kind: 'Deployment', metadata: { name: 'web', namespace }, ...{ spec } };
    lab.kube.objects.set(`Deployment/${namespace}/web`, web);
    await pod('web-1', namespace, { app: 'web' });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const context = (): LabContext => ({
    ...{ lab, kube: lab.kube, namespace, helpersNamespace, owner: { kind: 'Deployment', name: 'web' }, id: 'it' },
    signal: AbortSignal.timeout(10_000),
    record() {},
  });
  const pod = (name: string, where: string, labels: { [label: string]: string }) =>
    lab.kube.create({
      kind: 'Pod',
      metadata: { name, namespace: where, labels },
      ...{ spec: { nodeName: 'w1' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
    });
  /** The objects besides the node and the workload. */
  const added = () => [...lab.kube.objects.keys()].filter((key) => !/^Node|\/web/.test(key));

  it('that burn CPU have their own namespace', async () => {
    const plan = { nodes: [{ name: 'w1', pod: 'burn-w1' }], pods: ['burn-w1'] };
    await cpuBurn.fault.inject(context(), plan);
    assert.deepEqual(added(), ['Pod/holdfast-arm-helpers/burn-w1']);
    await cpuBurn.fault.heal(context(), plan);
    assert.deepEqual(added(), []);
  });

  it('that preempt have their own namespace', async () => {
    const plan = { node: 'w1', cpu: '100m', pods: ['web-1'], preemptor: 'preemptor' as const };
    await preemption.fault.inject(context(), plan);
    assert.deepEqual(added(), ['PriorityClass//holdfast-preemptor', 'Pod/holdfast-arm-helpers/preemptor']);
    await preemption.fault.heal(context(), plan);
    assert.deepEqual(added(), []);
  });

  it('are not evicted by a drain', async () => {
    await pod('busy-0', helpersNamespace, helperLabels('busy'));
    await pod('coredns', 'kube-system', {});
    const plan = await drain.fault.plan(context(), drain.fault.params.parse({ nodes: { pick: 'most-replicas' } }));
    assert.deepEqual(
      plan.pods.map(({ name }) => name),
      ['web-1', 'coredns'],
    );
  });

  it('are left out by kubectl drain, by their label', async () => {
    const nodes = [{ name: 'w1', wasCordoned: false }];
    await kubectlDrain.fault.inject(context(), { nodes, pods: ['web-1'], timeLimitMs: 1000 });
    assert.match(lab.commands.join('\n'), /kubectl .*--pod-selector=!holdfast\.dev\/helper .*w1/);
    assert.deepEqual(helperLabels('busy'), { 'holdfast.dev/helper': 'busy' });
  });

  it('keep the control plane running if they send the traffic', async () => {
    const plan = () => controlPlaneStop.fault.plan(context(), {});
    assert.deepEqual(await plan(), { nodes: [{ name: lab.generator.name }] });
    await pod('generator-fresh', helpersNamespace, helperLabels('generator'));
    await assert.rejects(plan(), NoTarget);
  });
});
