import { X509Certificate } from 'node:crypto';
import type { ClusterInfo } from '../model/cluster.ts';
import { exec } from '../sys/exec.ts';
import type { Kube } from '../sys/kube.ts';

/** The cluster behind a kubeconfig is not the one that was recorded. */
export class NotOurs extends Error {
  override name = 'NotOurs';
}

/** SHA-256 of a certificate in PEM, as its fingerprint says it, in small letters and without colons. */
export const fingerprint = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();

const refusal = ({ name }: ClusterInfo, what: string): NotOurs =>
  new NotOurs(`${what}. This is not cluster ${name} as it was made, so nothing is done to it: ./holdfast cluster up`);

/**
 * Throws `NotOurs` unless the nodes are the containers, the CA the certificate and kube-system the namespace that were
 * recorded when the cluster was made. A name, a label or a context proves nothing. `apiMayBeDown` is for healing: an API
 * server that a fault took away cannot say who it is, and the containers and the CA must do.
 */
export async function assertOurs(
  info: ClusterInfo,
  kube: Pick<Kube, 'caCertificate' | 'read'>,
  options: { readonly signal: AbortSignal; readonly apiMayBeDown: boolean },
): Promise<void> {
  const { identity, nodes } = info;
  if (!kube.caCertificate || fingerprint(kube.caCertificate) !== identity.caSha256)
    throw refusal(info, 'its certificate authority is another one');
  const { stdout } = await exec(
    'docker',
    ['inspect', '--type=container', '--format={{.Id}}', ...nodes.map(({ name }) => name)],
    { env: info.engineEnv, signal: options.signal, timeoutMs: 20_000 },
  ).catch((error: Error) => {
    options.signal.throwIfAborted();
    throw refusal(info, `its nodes cannot be looked at: ${error.message}`);
  });
  const containers = stdout.trim().split('\n');
  if (containers.join() !== identity.containers.join()) throw refusal(info, 'its nodes are other containers');
  const ref = { apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' };
  const kubeSystem = await kube.read(ref).catch((error: Error) => {
    if (options.apiMayBeDown) return undefined;
    throw error;
  });
  if (!kubeSystem && options.apiMayBeDown) return;
  if (kubeSystem?.metadata?.uid !== identity.kubeSystemUid) throw refusal(info, 'its kube-system is another one');
}
