import type { ClusterInfo } from '../../model/cluster.ts';
import { fingerprint } from '../../model/fingerprint.ts';
import { ownCommand } from '../../model/own-command.ts';
import type { Ms } from '../../model/units.ts';
import { withDeadline } from '../../sys/clock.ts';
import { exec } from '../../sys/exec.ts';
import type { Kube } from '../../sys/kube.ts';

/** The cluster behind a kubeconfig is not the recorded one. */
export class NotOurs extends Error {
  override name = 'NotOurs';
}

const refusal = ({ name }: ClusterInfo, what: string): NotOurs =>
  new NotOurs(
    `${what}. This is not the cluster ${name} that holdfast created, so nothing was changed. Check it: ${ownCommand} cluster up`,
  );

/**
 * Format for `docker inspect`: the id of a container, its name with a leading slash, and the kind cluster that it
 * belongs to.
 */
const idAndNames = '{{.Id}} {{.Name}} {{index .Config.Labels "io.x-k8s.kind.cluster"}}';

/** The time limit for an answer of the API server. */
const answerLimitMs: Ms = 10_000;

/**
 * The UID of the namespace kube-system; undefined if there is none. Throws `NotInTime` if the API server does not
 * answer in time.
 */
export async function kubeSystemUid(
  kube: Pick<Kube, 'read'>,
  signal: AbortSignal,
  limitMs: Ms = answerLimitMs,
): Promise<string | undefined> {
  const words = `the API server did not answer within ${limitMs / 1000} s, so the cluster could not be identified`;
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' };
  const found = await withDeadline(kube.read(namespace), { limitMs, words, signal });
  return found?.metadata?.uid;
}

/**
 * Throws `NotOurs` unless the containers, the certificate authority and the UID of kube-system are those that were
 * recorded when the cluster was created. The containers are found by their ids and must still have their names, because
 * a name, a label or a context proves nothing. `apiMayBeDown` is for healing: if a fault stopped the API server, the
 * containers and the certificate authority are enough.
 */
export async function assertOurs(
  info: ClusterInfo,
  kube: Pick<Kube, 'caCertificate' | 'read'>,
  options: { readonly signal: AbortSignal; readonly apiMayBeDown: boolean; readonly answerLimitMs?: Ms },
): Promise<void> {
  const { identity, nodes } = info;
  const { signal, apiMayBeDown } = options;
  if (!kube.caCertificate || fingerprint(kube.caCertificate) !== identity.caSha256)
    throw refusal(info, 'its certificate authority differs from the recorded one');
  const ids = nodes.map(({ container }) => container);
  const { stdout } = await exec('docker', ['inspect', '--type=container', `--format=${idAndNames}`, ...ids], {
    env: info.engineEnv,
    signal,
    timeoutMs: 20_000,
  }).catch((error: Error) => {
    signal.throwIfAborted();
    throw refusal(info, `its nodes cannot be inspected: ${error.message}`);
  });
  const found = stdout.trimEnd();
  const recorded = nodes.map(({ name, container }) => `${container} /${name} ${info.name}`).join('\n');
  if (found !== recorded || ids.join() !== identity.containers.join())
    throw refusal(info, 'its node containers differ from the recorded ones');
  const silent = Symbol('silent');
  const uid = await kubeSystemUid(kube, signal, options.answerLimitMs).catch((error: Error) => {
    signal.throwIfAborted();
    if (apiMayBeDown) return silent;
    throw error;
  });
  if (uid !== silent && uid !== identity.kubeSystemUid)
    throw refusal(info, 'its namespace kube-system has another UID than the recorded one');
}
