import { applyPatch } from 'rfc6902';
import type {
  EvictionResponse,
  Kube,
  KubernetesObject,
  ObjectRef,
  Operation,
  WatchEvent,
  WatchQuery,
} from '../kube.ts';
import { strategicMerge } from '../strategic-merge.ts';

const refused = (code: number, message: string) => Object.assign(new Error(message), { statusCode: code });
const keyOf = (kind: string, name: string, namespace = '') => `${kind}/${namespace}/${name}`;

/** An API server in memory: objects, and watches that a test ends or breaks. */
export class FakeKube implements Kube {
  readonly objects = new Map<string, KubernetesObject>();
  readonly #watchers = new Set<{
    readonly path: string;
    readonly onEvent: (event: WatchEvent) => void;
    readonly end: (error?: Error) => void;
  }>();
  lists = 0;
  /** The duration of a watch; if undefined, until a test ends it. */
  endsWatchesAfterMs: number | undefined;
  server = 'https://127.0.0.1:6443';
  caCertificate = '';
  /** The answer to an eviction. An allowed eviction removes the pod. */
  evictionAnswer: EvictionResponse = { code: 201, message: '' };

  async create(object: KubernetesObject): Promise<void> {
    const key = keyOf(object.kind ?? '', object.metadata?.name ?? '', object.metadata?.namespace);
    if (this.objects.has(key)) throw refused(409, `${key} already exists`);
    this.objects.set(key, object);
  }

  async read<T extends KubernetesObject>(ref: ObjectRef): Promise<T | undefined> {
    return this.objects.get(keyOf(ref.kind, ref.name, ref.namespace)) as T | undefined;
  }

  async readJson(ref: ObjectRef): Promise<KubernetesObject | undefined> {
    return structuredClone(await this.read(ref));
  }

  async patch(ref: ObjectRef, patch: object): Promise<void> {
    this.#change(ref, (object) => strategicMerge(object, patch) as KubernetesObject);
  }

  /** Applies all operations or, if one fails, none. */
  async jsonPatch(ref: ObjectRef, operations: readonly Operation[]): Promise<void> {
    this.#change(ref, (object) => {
      const copy = structuredClone(object);
      const failed = applyPatch(copy, structuredClone([...operations])).find((result) => result !== null);
      if (failed) throw refused(422, `the server rejected our request: ${failed.message}`);
      return copy;
    });
  }

  #change(ref: ObjectRef, change: (object: KubernetesObject) => KubernetesObject): void {
    const key = keyOf(ref.kind, ref.name, ref.namespace);
    const object = this.objects.get(key);
    if (!object) throw refused(404, `${key} not found`);
    const changed = change(object);
    const resourceVersion = String(Number(object.metadata?.resourceVersion ?? 0) + 1);
    this.objects.set(key, { ...changed, metadata: { ...changed.metadata, resourceVersion } });
  }

  async remove(ref: ObjectRef): Promise<void> {
    this.objects.delete(keyOf(ref.kind, ref.name, ref.namespace));
  }

  async list<T extends KubernetesObject>(_apiVersion: string, kind: string, namespace?: string, labels = '') {
    this.lists++;
    const wanted = labels.split(',').filter(Boolean);
    const items = [...this.objects.values()].filter(
      ({ kind: its, metadata }) =>
        its === kind &&
        (namespace === undefined || metadata?.namespace === namespace) &&
        wanted.every((label) =>
          Object.entries(metadata?.labels ?? {}).some(([key, value]) => label === `${key}=${value}`),
        ),
    );
    return { items: items as T[], resourceVersion: String(this.lists) };
  }

  watch(path: string, _query: WatchQuery, onEvent: (event: WatchEvent) => void, signal: AbortSignal) {
    return new Promise<boolean>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const watcher = {
        path,
        onEvent,
        end: (error?: Error) => {
          this.#watchers.delete(watcher);
          clearTimeout(timer);
          if (error) reject(error);
          else resolve(!signal.aborted);
        },
      };
      this.#watchers.add(watcher);
      if (this.endsWatchesAfterMs !== undefined) timer = setTimeout(watcher.end, this.endsWatchesAfterMs);
      signal.addEventListener('abort', () => watcher.end(), { once: true });
    });
  }

  async evict(namespace: string, pod: string): Promise<EvictionResponse> {
    if (this.evictionAnswer.code === 201) await this.remove({ apiVersion: 'v1', kind: 'Pod', name: pod, namespace });
    return this.evictionAnswer;
  }

  async ready() {
    return { ready: true, reason: '' };
  }

  async logs(_namespace: string, _pod: string): Promise<string> {
    return '';
  }

  /** The number of open watches. */
  get watchers(): number {
    return this.#watchers.size;
  }

  /** Sends the event to the watchers of its kind, or to all watchers if the object has no kind. */
  emit(event: WatchEvent): void {
    const plural = event.object.kind ? `/${event.object.kind.toLowerCase()}s` : '';
    for (const { path, onEvent } of this.#watchers) if (path.endsWith(plural)) onEvent(event);
  }

  /** Ends every watch, like a server that closes or expires them. */
  endWatches(code?: number): void {
    for (const { end } of [...this.#watchers]) end(code === undefined ? undefined : refused(code, `code ${code}`));
  }
}
