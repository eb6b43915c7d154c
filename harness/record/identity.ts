import type { ClusterInfo } from '../model/cluster.ts';
import { fingerprint } from '../model/fingerprint.ts';
import { ownCommand } from '../model/own-command.ts';
import type { Ms } from '../model/units.ts';
import { answered } from '../sys/clock.ts';
import { exec } from '../sys/exec.ts';
import type { Kube } from '../sys/kube.ts';

/** The cluster behind a kubeconfig is not the one that was recorded. */
export class NotOurs extends Error {
  override name = 'NotOurs';
}

const refusal = ({ name }: ClusterInfo, what: string): NotOurs =>
  new NotOurs(
    `${what}. This is not the cluster ${name} that holdfast created, so nothing was changed. Check it: ${ownCommand} cluster up`,
  );

/** What the engine says of a container: its id, its name with a slash before it, and the cluster that kind made it for. */
const idAndNames = '{{.Id}} {{.Name}} {{index .Config.Labels "io.x-k8s.kind.cluster"}}';

/** How long an API server may be silent. */
const answerLimitMs: Ms = 10_000;

/** The UID of a cluster's kube-system; undefined where there is none. Throws where nobody answers in time. */
export async function kubeSystemUid(
  kube: Pick<Kube, 'read'>,
  signal: AbortSignal,
  limitMs: Ms = answerLimitMs,
): Promise<string | undefined> {
  const words = `the API server does not say who it is: no answer within ${limitMs / 1000} s`;
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' };
  const found = await answered(kube.read(namespace), { limitMs, words, signal });
  return found?.metadata?.uid;
}

/**
 * Throws `NotOurs` unless the nodes are the containers, the CA the certificate and kube-system the namespace that were
 * recorded when the cluster was made. The containers are found by their ids, and must still have their names: a name, a
 * label or a context alone proves nothing. `apiMayBeDown` is for healing: an API
 * server that a fault took away cannot say who it is, and the containers and the CA must do.
 */
export async function assertOurs(
  info: ClusterInfo,
  kube: Pick<Kube, 'caCertificate' | 'read'>,
  options: { readonly signal: AbortSignal; readonly apiMayBeDown: boolean; readonly answerLimitMs?: Ms },
): Promise<void> {
  const { identity, nodes } = info;
  const { signal, apiMayBeDown } = options;
  if (!kube.caCertificate || fingerprint(kube.caCertificate) !== identity.caSha256)
    throw refusal(info, 'its certificate authority is another one');
  const ids = nodes.map(({ container }) => container);
  const { stdout } = await exec('docker', ['inspect', '--type=container', `--format=${idAndNames}`, ...ids], {
    env: info.engineEnv,
    signal,
    timeoutMs: 20_000,
  }).catch((error: Error) => {
    signal.throwIfAborted();
    throw refusal(info, `its nodes cannot be looked at: ${error.message}`);
  });
  const found = stdout.trimEnd();
  const recorded = nodes.map(({ name, container }) => `${container} /${name} ${info.name}`).join('\n');
  if (found !== recorded || ids.join() !== identity.containers.join())
    throw refusal(info, 'its nodes are other containers');
  const silent = Symbol('silent');
  const uid = await kubeSystemUid(kube, signal, options.answerLimitMs).catch((error: Error) => {
    signal.throwIfAborted();
    if (apiMayBeDown) return silent;
    throw error;
  });
  if (uid !== silent && uid !== identity.kubeSystemUid) throw refusal(info, 'its kube-system is another one');
}
