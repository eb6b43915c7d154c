import type { PodState, RecordedEvent } from '../../model/event.ts';

/** The UIDs of the pods that the pod watch saw, and the names that it saw with each. */
export class PodUids {
  readonly #names = new Map<string, Set<string>>();

  see({ source, subject, data }: RecordedEvent): void {
    if (source !== 'pod') return;
    const { uid } = data as unknown as PodState;
    if (uid === '') return;
    this.#names.set(uid, (this.#names.get(uid) ?? new Set()).add(subject));
  }

  get all(): readonly string[] {
    return [...this.#names.keys()];
  }

  /** UIDs that two pods had: Kubernetes never gives one twice. */
  shared(): { readonly uid: string; readonly pods: readonly string[] }[] {
    return [...this.#names].flatMap(([uid, pods]) => (pods.size > 1 ? [{ uid, pods: [...pods] }] : []));
  }
}
