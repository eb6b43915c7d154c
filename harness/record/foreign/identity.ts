import { z } from 'zod';
import { fingerprint } from '../../model/fingerprint.ts';
import { UsageError } from '../../model/usage-error.ts';
import { isForbidden, type Kube } from '../../sys/kube.ts';
import { kubeSystemUid, NotOurs } from '../lab/identity.ts';

/** What identified the cluster of a context. The name of a context proves nothing. */
export const foreignIdentity = z.strictObject({
  context: z.string(),
  server: z.string(),
  caSha256: z.string(),
  kubeSystemUid: z.string(),
});
export type ForeignIdentity = z.infer<typeof foreignIdentity>;

type KubeReader = Pick<Kube, 'server' | 'caCertificate' | 'read'>;

/** Identifies a cluster. Only reads. Throws if the cluster could not be distinguished from another one. */
export async function identify(context: string, kube: KubeReader, signal: AbortSignal): Promise<ForeignIdentity> {
  const caSha256 = fingerprint(kube.caCertificate);
  if (!caSha256)
    throw new UsageError(
      `context ${context} has no certificate authority, or does not verify it. Any server could pose as its cluster`,
    );
  const uid = await kubeSystemUid(kube, signal).catch((error: Error) => {
    if (!isForbidden(error)) throw error;
    throw new UsageError(
      `${error.message}\nholdfast recognises a cluster by this namespace. Allow the user of ${context} to get it`,
    );
  });
  if (!uid) throw new NotOurs(`${kube.server} has no namespace kube-system, by which holdfast recognises a cluster`);
  return { context, server: kube.server, caSha256, kubeSystemUid: uid };
}

const words: { readonly [part in keyof ForeignIdentity]: string } = {
  context: 'context',
  server: 'server',
  caSha256: 'certificate authority',
  kubeSystemUid: 'UID of kube-system',
};

/** Throws `NotOurs` with the differences unless both are the same cluster. */
export function assertSame(recorded: ForeignIdentity, found: ForeignIdentity): void {
  const parts = foreignIdentity.keyof().options.filter((part) => recorded[part] !== found[part]);
  if (parts.length === 0) return;
  const what = parts.map((part) => `its ${words[part]} was ${recorded[part]} and is ${found[part]}`).join('; ');
  throw new NotOurs(`context ${recorded.context} now leads to another cluster, so nothing was changed: ${what}`);
}
