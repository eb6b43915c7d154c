import type { EventSource } from '../../model/event.ts';
import type { Json } from '../../model/units.ts';
import { sleep } from '../../sys/clock.ts';
import { isGone, type Kube, type KubernetesObject } from '../../sys/kube.ts';
import type { RecordedObject, Recorder } from './recorder.ts';

/** One kind of object to watch, and what is recorded of it. */
export interface Watched {
  readonly source: EventSource;
  readonly apiVersion: string;
  readonly kind: string;
  readonly path: string;
  readonly namespace?: string;
  /** The object that is told of, where that is another one. */
  readonly about?: (object: KubernetesObject) => RecordedObject;
  /** `undefined` leaves the object out. */
  readonly project: (object: KubernetesObject) => Json | object | undefined;
}

const eventTypes: { readonly [type: string]: string } = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' };
const retryMs = 250;

/**
 * So often the server ends a watch, to be taken up again. A watch may be dead and look like one of which nothing happens; that
 * the server ended it shows that all until then was told. It costs a request, and asks nothing of any object. Bookmarks
 * come once a minute, and not for every kind.
 */
const endedEverySeconds = 5;

const uidOf = ({ metadata }: KubernetesObject): string => metadata?.uid ?? metadata?.name ?? '';

const named = (kind: string, object: KubernetesObject): RecordedObject => ({
  uid: uidOf(object),
  kind,
  namespace: object.metadata?.namespace,
  name: object.metadata?.name ?? '',
});

/** A watch that goes on. */
export interface Watching {
  readonly ended: Promise<void>;
  /** Resolves when it next shows that it lives: nothing from before is missing then. */
  alive(): Promise<void>;
}

/**
 * Lists, then watches until the signal. Resolves once the list is recorded: from here on nothing is missed.
 * A watch that ends is taken up where it ended, and that it was alive until then is recorded; only when the server no
 * longer knows that place is it listed anew, and the hole is recorded as a gap, and what went in it as deleted.
 */
export async function watch(kube: Kube, watched: Watched, recorder: Recorder, signal: AbortSignal): Promise<Watching> {
  let alive = Promise.withResolvers<void>();
  const showAlive = () => {
    recorder.record('watch', 'alive', watched.source, {});
    alive.resolve();
    alive = Promise.withResolvers();
  };
  /** As each was last recorded, by its UID. */
  const there = new Map<string, { readonly about: RecordedObject; readonly data: Json }>();
  const record = (type: string, object: KubernetesObject) => {
    const data = watched.project(object) as Json | undefined;
    if (data === undefined) return;
    const about = watched.about?.(object) ?? named(watched.kind, object);
    // What Kubernetes says of an object does not go with it.
    if (!watched.about) {
      if (type === 'deleted') there.delete(uidOf(object));
      else there.set(uidOf(object), { about, data });
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
    for (const [uid, { about, data }] of there) {
      if (found.has(uid)) continue;
      there.delete(uid);
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
        const told = await kube.watch(
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
        if (told && !gone) showAlive();
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
