import assert from 'node:assert/strict';
import { controls } from '../../reports/testing/hostile.ts';
import type { Target } from '../record/target/find-target.ts';
import { foreignPlanText } from './foreign-plan.ts';

const target: Target = {
  namespace: 'shop',
  owner: { kind: 'Deployment', name: 'web' },
  replicas: 2,
  selector: {},
  pods: [
    { name: 'web-1', node: 'n1' },
    { name: 'web-2', node: 'n2' },
  ],
  service: { name: 'front', clusterIp: '10.96.0.9', port: 80, targetPort: 8080, family: 'IPv4' },
  services: ['front'],
};
const common = {
  identity: { context: 'prod', server: 'https://10.0.0.1:6443', caSha256: 'ab12', kubeSystemUid: 'uid-1' },
  target,
};
const disruption = { id: 'it', when: { atMs: 0 }, limitMs: 90_000 };

describe('the plan for a foreign cluster', () => {
  it('shows the action, its place, its targets, its duration, and how it is undone', () => {
    const fault = { name: 'pod-delete', params: {} };
    const plan = { pods: [{ name: 'web-1' }], replicas: 2 };
    assert.equal(
      foreignPlanText({ ...common, disruption: { ...disruption, fault }, plan }),
      `pod-delete
  context      prod
  server       https://10.0.0.1:6443
  authority    sha256 ab12
  kube-system  uid-1
  namespace    shop
  deployment   web, 2 replicas behind service front
  pods         web-1 (n1), web-2 (n2)
  does         deletes pods with their preStop hooks and grace period
  to           pods web-1 · replicas 2
  lasts        until it was observed to take effect, at most 90 s
  undone       patches are undone, unless someone else changes the same field in the meantime; controllers replace removed pods
`,
    );
  });

  it('shows each item on a line of its own, for any names in the cluster', () => {
    const fault = { name: 'pod-delete', params: {} };
    const evil = 'web\u001b]0;x\u0007\u202e\nundone       nothing';
    const text = foreignPlanText({
      ...common,
      identity: { ...common.identity, context: evil, server: evil },
      target: {
        ...target,
        service: { ...target.service, name: evil },
        services: [evil, evil],
        pods: [{ name: evil, node: evil }],
      },
      disruption: { ...disruption, fault },
      plan: { pods: [{ name: evil }], [evil]: evil },
    });
    assert.doesNotMatch(text, controls);
    assert.equal(text.split('\n').length, 13);
    assert.equal(text.match(/^ {2}undone/gm)?.length, 1);
  });

  it('shows how long the fault is held', () => {
    const fault = { name: 'scale', params: { replicas: 4 } };
    const held = { ...disruption, fault, until: { ms: 30_000 } };
    const text = foreignPlanText({ ...common, disruption: held, plan: { from: 2, to: 4, before: [] } });
    assert.match(text, /lasts +until it was observed to take effect, at most 90 s, and then for 30 s/);
    assert.match(text, /to +from 2 · to 4 · before none/);
  });

  it('shows the kind of the workload, and which Service was chosen if several select its pods', () => {
    const fault = { name: 'scale', params: { replicas: 4 } };
    const db = { ...target, owner: { kind: 'StatefulSet', name: 'db' }, services: ['front', 'metrics'] } as const;
    const text = foreignPlanText({
      ...common,
      target: db,
      disruption: { ...disruption, fault },
      plan: { owner: db.owner, from: 2, to: 4, before: [] },
    });
    assert.match(text, /statefulset +db, 2 replicas behind service front \(the first by name of front, metrics\)$/m);
    assert.match(text, /to +owner StatefulSet db · from 2 · to 4 · before none$/m);
  });

  it('shows one replica in the singular', () => {
    const fault = { name: 'pod-delete', params: {} };
    const text = foreignPlanText({
      ...common,
      target: { ...target, replicas: 1 },
      disruption: { ...disruption, fault },
      plan: { pods: [{ name: 'web-1' }], replicas: 1 },
    });
    assert.match(text, /deployment +web, 1 replica behind service front$/m);
  });

  it('shows the source of a template', () => {
    const fault = { name: 'rollback', params: {} };
    const template = { replicaSet: 'web-abc', uid: 'uid-3', revision: 3 };
    const plan = { owner: { kind: 'Deployment', name: 'web' }, from: '7c4b9d8f65', template };
    const text = foreignPlanText({ ...common, disruption: { ...disruption, fault }, plan });
    assert.match(text, /to +owner Deployment web · from 7c4b9d8f65 · template of revision 3 \(ReplicaSet web-abc\)$/m);
  });
});
