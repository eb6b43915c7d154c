import { sleep } from '../../sys/clock.ts';
import { isStale, type Kube, type KubernetesObject, type ObjectRef, type Operation } from '../../sys/kube.ts';

const tries = 5;
const retryMs = 100;

/**
 * Reads an object and sends the operations for it, which test that the object is still as it was read. If a test fails,
 * it reads the object again, at most 5 times. Sends nothing if there is no object or no operation.
 */
export async function patchTested(
  kube: Pick<Kube, 'readJson' | 'jsonPatch'>,
  ref: ObjectRef,
  operationsFor: (object: KubernetesObject) => readonly Operation[],
  signal: AbortSignal,
): Promise<void> {
  for (let left = tries; ; left--) {
    const object = await kube.readJson(ref);
    const operations = object ? operationsFor(object) : [];
    if (operations.length === 0) return;
    try {
      return await kube.jsonPatch(ref, operations);
    } catch (error) {
      if (!isStale(error) || left === 1) throw error;
      await sleep(retryMs, signal);
    }
  }
}
