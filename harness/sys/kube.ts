import { basename, dirname } from 'node:path';
import type {
  Cluster,
  KubeConfig,
  KubernetesObject,
  V1Deployment,
  V1EndpointSlice,
  V1LabelSelector,
  V1Node,
  V1Pod,
  V1Service,
  V1ServicePort,
  V1StatefulSet,
} from '@kubernetes/client-node';
import type { Operation } from 'rfc6902';
import { ownCommand } from '../model/own-command.ts';
import { reason } from '../model/reason.ts';
import { UsageError } from '../model/usage-error.ts';
import { sleep } from './clock.ts';
import { readText } from './files/read.ts';
import { type ChosenContext, chooseContext, ownContext, pinned, userKubeconfigs } from './kubeconfig.ts';

export type {
  KubernetesObject,
  Operation,
  V1Deployment,
  V1EndpointSlice,
  V1LabelSelector,
  V1Node,
  V1Pod,
  V1Service,
  V1ServicePort,
  V1StatefulSet,
};

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubernetesObject;
}

export interface WatchQuery {
  readonly resourceVersion: string;
  readonly fieldSelector?: string;
  readonly timeoutSeconds: number;
}

/** The answer of the Eviction API. 429: a budget refuses or is not computed yet; 500: more than one budget. */
export interface EvictionResponse {
  readonly code: number;
  readonly message: string;
}

/** The requests that the harness sends to an API server. */
export interface Kube {
  /** The address of the server. */
  readonly server: string;
  /** The certificate authority of the server in PEM; empty if none is named or certificates are not verified. */
  readonly caCertificate: string;
  create(object: KubernetesObject): Promise<void>;
  /** `undefined` if there is none. */
  read<T extends KubernetesObject>(ref: ObjectRef): Promise<T | undefined>;
  /**
   * Reads the object as the server sent it, with fields that the client does not know. `undefined` if there is none.
   */
  readJson(ref: ObjectRef): Promise<KubernetesObject | undefined>;
  /** Strategic merge: lists of containers and of their variables merge by name. */
  patch(ref: ObjectRef, patch: object): Promise<void>;
  /**
   * A JSON Patch (RFC 6902). The server applies all of it, or nothing if one `test` fails; `isStale` then recognises
   * the error.
   */
  jsonPatch(ref: ObjectRef, operations: readonly Operation[]): Promise<void>;
  /** Has no effect if there is none. `graceSeconds` overrides the grace period of the object. */
  remove(ref: ObjectRef, graceSeconds?: number): Promise<void>;
  list<T extends KubernetesObject>(
    apiVersion: string,
    kind: string,
    namespace?: string,
    labels?: string,
  ): Promise<{ readonly items: readonly T[]; readonly resourceVersion: string }>;
  /**
   * Resolves with true when the server ends the watch, after `timeoutSeconds` at the latest: all events until then were
   * sent. Resolves with false if the server did not end it, or if the signal aborts. Throws if the watch is refused or
   * breaks.
   */
  watch(path: string, query: WatchQuery, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<boolean>;
  /**
   * Asks the Eviction API (policy/v1) to evict a pod. Returns every answer, also a refusal. Throws if there is no
   * answer.
   */
  evict(namespace: string, pod: string): Promise<EvictionResponse>;
  /** Whether the server reports that it is ready within a second. Never throws. */
  ready(signal: AbortSignal): Promise<{ readonly ready: boolean; readonly reason: string }>;
  /** Empty if the container has logged nothing or does not exist. */
  logs(namespace: string, pod: string, previous: boolean): Promise<string>;
}

const codeOf = (error: unknown): number | undefined => {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  return typeof code === 'number' ? code : typeof statusCode === 'number' ? statusCode : undefined;
};

interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** A refused eviction names its budget only here (k/k `pkg/registry/core/pod/storage/eviction.go`). */
const budgetsIn = ({ details }: Status): readonly string[] =>
  (details?.causes ?? []).flatMap(({ reason, message }) => (reason === 'DisruptionBudget' && message ? [message] : []));

/** The error with the message of the server, without headers and body. */
export const inPlainWords = (what: string, error: unknown): Error => {
  const { body } = error as { body?: unknown };
  let words = reason(error).split('\n')[0];
  try {
    const status = (typeof body === 'string' ? JSON.parse(body) : body) as Status | undefined;
    if (status?.message) words = [status.message, ...budgetsIn(status)].join(' ');
  } catch {
    // A body that is not a Status has no better message.
  }
  return Object.assign(new Error(`${what}: ${words}`, { cause: error }), { statusCode: codeOf(error) });
};

const readAgainAfterMs = 250;

/**
 * Reads once more if the connection broke before an answer. The server closes idle connections, and a machine that was
 * paused loses others. Neither must end a run. A read changes nothing, so it can be repeated.
 */
async function readAgain<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (codeOf(error) !== undefined) throw error;
    await sleep(readAgainAfterMs);
    return read();
  }
}

/** If the server has not ended a watch this long after its time-out, the connection is dead. */
const overdueMs = 5000;

const isNotFound = (error: unknown): boolean => codeOf(error) === 404;
export const isGone = (error: unknown): boolean => codeOf(error) === 410;
/** The object is not as a JSON Patch expects it (422), or was changed while the server applied it (409). */
export const isStale = (error: unknown): boolean => codeOf(error) === 409 || codeOf(error) === 422;
export const isForbidden = (error: unknown): boolean => codeOf(error) === 403;

const header = (ref: ObjectRef) => ({
  apiVersion: ref.apiVersion,
  kind: ref.kind,
  metadata: { name: ref.name, ...(ref.namespace && { namespace: ref.namespace }) },
});

/**
 * Throws `UsageError` if the environment makes Node accept any certificate, because any server could then pose as the
 * cluster.
 */
function assertCertificatesChecked(): void {
  if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    throw new UsageError(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set, so certificates are not verified. holdfast does not connect without verification. Unset it: unset NODE_TLS_REJECT_UNAUTHORIZED',
    );
}

const kubeconfigLimits = { maxBytes: 4 * 1024 * 1024 };

/**
 * Connects with the kubeconfig file of a lab cluster. The environment is ignored. Throws if the file is not as we wrote it:
 * a client certificate and no program to run. The client takes half a second to load, so it is loaded only here.
 */
export async function connect(kubeconfig: string): Promise<Kube> {
  assertCertificatesChecked();
  const text = readText(dirname(kubeconfig), basename(kubeconfig), kubeconfigLimits);
  if (text === undefined) throw new Error(`there is no ${kubeconfig}. Create the cluster: ${ownCommand} cluster up`);
  const client = await import('@kubernetes/client-node');
  return kubeOf(client, configOf(client, ownContext(parsed(client, kubeconfig, text), kubeconfig)));
}

/**
 * Connects with a context of the user's kubeconfig, which is only read. Throws `UsageError` if there is no such
 * context.
 */
export async function connectContext(context: string): Promise<Kube> {
  assertCertificatesChecked();
  const client = await import('@kubernetes/client-node');
  const configs = userKubeconfigs(kubeconfigLimits).map(({ file, text }) => parsed(client, file, text));
  return kubeOf(client, configOf(client, chooseContext(configs, context)));
}

type Client = typeof import('@kubernetes/client-node');

function parsed(client: Client, file: string, text: string): KubeConfig {
  const config = new client.KubeConfig();
  try {
    config.loadFromString(text);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  config.makePathsAbsolute(dirname(file));
  return config;
}

function configOf(client: Client, { clusters: [cluster], ...rest }: ChosenContext): KubeConfig {
  const config = new client.KubeConfig();
  config.loadFromOptions({ ...rest, clusters: [pinned(cluster)] });
  return config;
}

/** The certificate authority that the client verifies. Empty if it verifies none. */
function caOf(cluster: Cluster | null): string {
  if (!cluster?.server.startsWith('https:') || cluster.skipTLSVerify) return '';
  return Buffer.from(cluster.caData ?? '', 'base64').toString();
}

/** A different `tlsServerName` makes it a different server. */
const serverOf = (cluster: Cluster | null): string =>
  `${cluster?.server ?? ''}${cluster?.tlsServerName ? ` (certificate of ${cluster.tlsServerName})` : ''}`;

/**
 * JSON as Go writes it. The API server compares the strings of a `test` as bytes, and its own are escaped like this
 * (gopkg.in/evanphx/json-patch.v4 `lazyNode.equal`, encoding/json `SetEscapeHTML`).
 */
export const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The generic API of the client, and requests whose bodies the client does not change. */
function objectsOf(client: Client, config: KubeConfig) {
  class Objects extends client.KubernetesObjectApi {
    async readJson(ref: ObjectRef): Promise<KubernetesObject> {
      const path = await this.specUriPath(header(ref), 'read');
      const request = this.configuration.baseServer.makeRequestContext(path, client.HttpMethod.GET);
      request.setHeaderParam('Accept', 'application/json');
      return this.requestPromise(request, 'any');
    }

    async jsonPatch(ref: ObjectRef, operations: readonly Operation[]): Promise<void> {
      const path = await this.specUriPath(header(ref), 'patch');
      const request = this.configuration.baseServer.makeRequestContext(path, client.HttpMethod.PATCH);
      request.setHeaderParam('Accept', 'application/json');
      request.setHeaderParam('Content-Type', client.PatchStrategy.JsonPatch);
      request.setQueryParam('fieldManager', 'holdfast');
      request.setBody(goJson(operations));
      await this.requestPromise(request, 'any');
    }
  }
  return config.makeApiClient(Objects);
}

function kubeOf(client: Client, config: KubeConfig): Kube {
  const objects = objectsOf(client, config);
  const core = config.makeApiClient(client.CoreV1Api);
  const watcher = new client.Watch(config);
  const health = new client.Health(config);

  const cluster = config.getCurrentCluster();
  return {
    server: serverOf(cluster),
    caCertificate: caOf(cluster),
    async create(object) {
      try {
        await objects.create(object);
      } catch (error) {
        throw inPlainWords(`create ${object.kind} ${object.metadata?.name}`, error);
      }
    },
    async read<T extends KubernetesObject>(ref: ObjectRef) {
      try {
        return (await readAgain(() => objects.read(header(ref)))) as T;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw inPlainWords(`read ${ref.kind} ${ref.name}`, error);
      }
    },
    async readJson(ref) {
      try {
        return await readAgain(() => objects.readJson(ref));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw inPlainWords(`read ${ref.kind} ${ref.name}`, error);
      }
    },
    async jsonPatch(ref, operations) {
      try {
        await objects.jsonPatch(ref, operations);
      } catch (error) {
        throw inPlainWords(`patch ${ref.kind} ${ref.name}`, error);
      }
    },
    async patch(ref, patch) {
      try {
        const strategy = client.PatchStrategy.StrategicMergePatch;
        await objects.patch({ ...header(ref), ...patch }, undefined, undefined, 'holdfast', undefined, strategy);
      } catch (error) {
        throw inPlainWords(`patch ${ref.kind} ${ref.name}`, error);
      }
    },
    async remove(ref, graceSeconds) {
      try {
        await objects.delete(header(ref), undefined, undefined, graceSeconds, undefined, 'Background');
      } catch (error) {
        if (!isNotFound(error)) throw inPlainWords(`delete ${ref.kind} ${ref.name}`, error);
      }
    },
    async list<T extends KubernetesObject>(apiVersion: string, kind: string, namespace?: string, labels?: string) {
      try {
        const answer = await readAgain(() =>
          objects.list<T>(apiVersion, kind, namespace, undefined, undefined, undefined, undefined, labels),
        );
        return { items: answer.items, resourceVersion: answer.metadata?.resourceVersion ?? '' };
      } catch (error) {
        throw inPlainWords(`list ${kind}`, error);
      }
    },
    watch(path, query, onEvent, signal) {
      return new Promise<boolean>((resolve, reject) => {
        const overdue = AbortSignal.timeout(query.timeoutSeconds * 1000 + overdueMs);
        const giveUp = AbortSignal.any([signal, overdue]);
        const ended = (error: unknown) => {
          const quiet = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
          if (error && !quiet) reject(inPlainWords(`watch ${path}`, error));
          else resolve(!error && !giveUp.aborted);
        };
        watcher
          .watch(
            path,
            { ...query, allowWatchBookmarks: true },
            (type, object) => onEvent({ type: type as WatchEvent['type'], object }),
            ended,
          )
          .then((started) => {
            if (giveUp.aborted) started.abort();
            else giveUp.addEventListener('abort', () => started.abort(), { once: true });
          }, ended);
      });
    },
    async evict(namespace, pod) {
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } };
      try {
        await core.createNamespacedPodEviction({ name: pod, namespace, body });
        return { code: 201, message: '' };
      } catch (error) {
        const code = codeOf(error);
        const inWords = inPlainWords(`evict ${pod}`, error);
        if (code === undefined) throw inWords;
        return { code, message: inWords.message };
      }
    },
    async ready(signal) {
      try {
        const ready = await health.readyz({ signal: AbortSignal.any([signal, AbortSignal.timeout(1000)]) });
        return { ready, reason: ready ? '' : 'not ready' };
      } catch (error) {
        return { ready: false, reason: reason(error) };
      }
    },
    async logs(namespace, pod, previous) {
      try {
        return await core.readNamespacedPodLog({ namespace, name: pod, previous, limitBytes: 5_000_000 });
      } catch {
        return '';
      }
    },
  };
}
