import assert from 'node:assert/strict';
import type { Kube, V1Node } from '../../sys/kube.ts';
import type { LabContext } from './fault.ts';
import { nodeTaint } from './node-taint.ts';

describe('a taint of a node', () => {
  for (const effect of ['NoSchedule', 'NoExecute'])
    it(`with ${effect} is added to the others, and only it is removed`, async () => {
      const others = [{ key: 'disk', effect: 'NoSchedule' }];
      let spec: object = { taints: others };
      const kube: Pick<Kube, 'patch' | 'read'> = {
        read: async <T>() => ({ metadata: { name: 'w1' }, spec }) as T,
        // The API server replaces the list of taints as a whole.
        patch: async (_, patch) => {
          ({ spec } = patch as { spec: object });
        },
      };
      const context = { kube } as unknown as LabContext;
      const key = 'holdfast.dev/taint';
      const planned = { nodes: [{ name: 'w1' }], effect, key, pods: [] };
      const plan = nodeTaint.fault.planned.parse(planned);
      const taints = () => (spec as V1Node['spec'])?.taints;
      await nodeTaint.fault.inject(context, plan);
      await nodeTaint.fault.inject(context, plan);
      assert.deepEqual(taints(), [...others, { key, effect }]);
      await nodeTaint.fault.heal(context, plan);
      assert.deepEqual(taints(), others);
    });
});
