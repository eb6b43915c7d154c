import type { EventSource } from '../../model/event.ts';
import type { Json } from '../../model/units.ts';
import { sleep } from '../../sys/clock.ts';
import { isGone, type Kube, type KubernetesObject } from '../../sys/kube.ts';
import type { RecordedObject, Recorder } from './recorder.ts';

/** One kind of object to watch, and the part of it that is recorded. */
export interface Watched {
  readonly source: EventSource;
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: string;
  readonly namespace?: string;
  /** The object that a watched event is about, if it is not the watched object itself. */
  readonly about?: (object: KubernetesObject) => RecordedObject;
  /** `undefined` leaves the object out. */
  readonly project: (object: KubernetesObject) => Json | object | undefined;
}

const eventTypes: { readonly [type: string]: string } = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' };
const retryMs = 250;

/**
 * The server ends each watch after this time, and holdfast continues it. A dead watch looks like a watch without
 * events. If the server ended it, all events until then were sent. This costs one request. Bookmarks come only once a
 * minute and not for every kind.
 */
const endedEverySeconds = 5;

const uidOf = ({ metadata }: KubernetesObject): string => metadata?.uid ?? metadata?.name ?? '';

const named = (kind: string, object: KubernetesObject): RecordedObject => ({
  uid: uidOf(object),
  kind,
  namespace: object.metadata?.namespace,
  name: object.metadata?.name ?? '',
});

/** A running watch. */
export interface Watching {
  readonly ended: Promise<void>;
  /** Resolves when the watch next shows that it is alive. No earlier event is missing then. */
  alive(): Promise<void>;
}

/**
 * Lists the objects, then watches them until the signal aborts. Resolves once the list is recorded. A watch that ends
 * is continued where it ended, and the recording notes that it was alive until then. If the server no longer knows that
 * position, the objects are listed again. The recording then notes a gap, and objects that are gone as deleted.
 */
export async function watch(kube: Kube, watched: Watched, recorder: Recorder, signal: AbortSignal): Promise<Watching> {
  let alive = Promise.withResolvers<void>();
  const showAlive = () => {
    recorder.record('watch', 'alive', watched.source, {});
    alive.resolve();
    alive = Promise.withResolvers();
  };
  /** The last recorded state of each object, by its UID. */
  const known = new Map<string, { readonly about: RecordedObject; readonly data: Json }>();
  const record = (type: string, object: KubernetesObject) => {
    const data = watched.project(object) as Json | undefined;
    if (data === undefined) return;
    const about = watched.about?.(object) ?? named(watched.kind, object);
    // Events are not deleted together with the object that they are about.
    if (!watched.about) {
      if (type === 'deleted') known.delete(uidOf(object));
      else known.set(uidOf(object), { about, data });
    }
    recorder.record(watched.source, type, about, data);
  };
  const list = async (): Promise<string> => {
    const { items, resourceVersion } = await kube.list<KubernetesObject>(
      watched.apiVersion,
      watched.kind,
      watched.namespace,
    );
    const found = new Set(items.map(uidOf));
    for (const [uid, { about, data }] of known) {
      if (found.has(uid)) continue;
      known.delete(uid);
      recorder.record(watched.source, 'deleted', about, data);
    }
    for (const item of items) record('added', item);
    return resourceVersion;
  };

  let resourceVersion = await list();
  let gone = false;
  const follow = async () => {
    while (!signal.aborted) {
      try {
        if (gone) {
          recorder.record('watch', 'gap', watched.source, { reason: 'history expired, listed anew' });
          resourceVersion = await list();
          gone = false;
        }
        const endedByServer = await kube.watch(
          watched.path,
          { resourceVersion, timeoutSeconds: endedEverySeconds },
          ({ type, object }) => {
            if (type === 'ERROR') {
              gone = true;
              return;
            }
            resourceVersion = object.metadata?.resourceVersion ?? resourceVersion;
            const name = eventTypes[type];
            if (name) record(name, object);
          },
          signal,
        );
        if (endedByServer && !gone) showAlive();
      } catch (error) {
        if (signal.aborted) return;
        if (isGone(error)) gone = true;
        recorder.record('watch', 'interrupted', watched.source, { reason: String((error as Error).message) });
        await sleep(retryMs, signal).catch(() => undefined);
      }
    }
  };
  return { ended: follow(), alive: () => alive.promise };
}
