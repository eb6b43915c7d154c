import { parseAllDocuments } from 'yaml';
import type { Ms } from '../../../model/units.ts';
import { poll } from '../../../sys/clock.ts';
import { readOwnFile } from '../../../sys/files/system.ts';
import type { Kube, KubernetesObject } from '../../../sys/kube.ts';
import { kubeconfigOf } from '../../../sys/testing/kubeconfig.ts';

/** The namespace in the file of the rights, which a reader replaces by another one. */
const documentedNamespace = 'shop';
const userName = 'holdfast';

/** The user of a namespace and its rights, from the file in the documentation. */
export const rightsIn = (namespace: string): readonly KubernetesObject[] =>
  parseAllDocuments(readOwnFile(new URL('../../../../docs/inject-rights.yaml', import.meta.url))).map((document) =>
    JSON.parse(JSON.stringify(document.toJS()).replaceAll(documentedNamespace, namespace)),
  );

type Secret = KubernetesObject & { readonly data?: { readonly [key: string]: string } };

const tokenLimitMs: Ms = 30_000;

/** Creates the user of a namespace, and resolves to a kubeconfig whose only context is this user. */
export async function kubeconfigOfUser(
  kube: Kube,
  namespace: string,
  { context, signal }: { readonly context: string; readonly signal: AbortSignal },
): Promise<string> {
  for (const object of rightsIn(namespace)) await kube.create(object);
  const secret = { apiVersion: 'v1', kind: 'Secret', name: userName, namespace };
  const annotations = { 'kubernetes.io/service-account.name': userName };
  await kube.create({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: userName, namespace, annotations } },
    ...{ type: 'kubernetes.io/service-account-token' },
  });
  const token = await poll('the token of the user', tokenLimitMs, signal, async () => {
    const encoded = (await kube.read<Secret>(secret))?.data?.token;
    return encoded ? { done: Buffer.from(encoded, 'base64').toString() } : { waitingFor: 'its Secret' };
  });
  return kubeconfigOf(context, { server: kube.server, ca: kube.caCertificate }, { token });
}

/** Removes the rights that are not in the namespace itself. */
export async function removeRightsElsewhere(kube: Kube, namespace: string): Promise<void> {
  for (const { apiVersion = '', kind = '', metadata } of rightsIn(namespace)) {
    const where = metadata?.namespace ?? '';
    if (where !== namespace) await kube.remove({ apiVersion, kind, name: metadata?.name ?? '', namespace: where });
  }
}
