import assert from 'node:assert/strict';
import type { OwnerKind } from '../../model/owner.ts';
import { FakeKube } from '../../sys/testing/kube.ts';
import { NoTarget } from '../fault/fault.ts';
import { assertSettled, untilSettled, untilSettledAgain } from './settled.ts';

const place = { kube: new FakeKube(), namespace: 'shop' };
const { signal } = new AbortController();

for (const kind of ['Deployment', 'StatefulSet'] as const satisfies readonly OwnerKind[]) {
  describe(`a ${kind}`, () => {
    const owner = { kind, name: 'web' };
    const settled = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    const put = (status: object | undefined) =>
      place.kube.objects.set(`${kind}/shop/web`, {
        kind,
        metadata: { name: 'web', namespace: 'shop', generation: 3 },
        ...{ spec: { replicas: 2 }, status },
      });

    it('is settled if every replica is updated and available, and no other is left', async () => {
      put(settled);
      await assertSettled(place, owner);
      await untilSettled(place, owner, signal);
    });

    const missing: { readonly [what: string]: readonly [object | undefined, RegExp] } = {
      'has no status yet': [undefined, /It waits for its controller to observe the latest change/],
      'has a change that its controller did not see': [
        { ...settled, observedGeneration: 2 },
        /its controller to observe/,
      ],
      'has an old replica': [
        { ...settled, updatedReplicas: 1 },
        /2 updated and available replicas \(now 1\)\. Try again/,
      ],
      'has an unavailable replica': [
        { ...settled, availableReplicas: 0 },
        /2 updated and available replicas \(now 0\)/,
      ],
      'has a replica too many': [{ ...settled, replicas: 3 }, /\(now 2\) and the removal of 1 old ones/],
    };
    for (const [what, [status, words]] of Object.entries(missing)) {
      it(`is refused with what it waits for, and awaited, if it ${what}`, async () => {
        put(status);
        await assert.rejects(
          assertSettled(place, owner),
          (error) =>
            error instanceof NoTarget &&
            error.message.startsWith(`${kind} shop/web is not available`) &&
            words.test(error.message),
        );
        setTimeout(() => put(settled), 20);
        await untilSettled(place, owner, signal);
      });
    }

    for (const [limitMs, least] of [
      [600, 90],
      [200_000, 200],
    ] as const)
      it(`is awaited for ${least} s after the undoing if the fault had ${limitMs / 1000} s`, async () => {
        put({ ...settled, availableReplicas: 1 });
        const { read } = place.kube;
        const { now } = performance;
        let aheadMs = 0;
        performance.now = () => now.call(performance) + aheadMs;
        place.kube.read = async (ref) => {
          aheadMs += 30_000;
          return read.call(place.kube, ref) as never;
        };
        try {
          await assert.rejects(
            untilSettledAgain(place, owner, signal, limitMs),
            new RegExp(
              `all changes were undone, .* ${kind} shop/web: timed out after ${least} s\\. Still waiting for 2 updated .*\\. Look at its pods`,
            ),
          );
          assert.ok(aheadMs >= least * 1000);
        } finally {
          performance.now = now;
          place.kube.read = read;
        }
      });

    it('is not awaited if it was deleted', async () => {
      place.kube.objects.clear();
      await untilSettled(place, owner, signal);
      await assert.rejects(assertSettled(place, owner), /^NoTarget: there is no .* shop\/web/);
    });
  });
}
