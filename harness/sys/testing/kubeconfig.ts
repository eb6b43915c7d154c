import { rootCertificates } from 'node:tls';
import { stringify } from 'yaml';
import { real } from './certificates.ts';

/** The certificate of a real certificate authority, in PEM. Node includes many. */
export const authority = (index: number): string => rootCertificates[index] ?? '';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Way {
  readonly server: string;
  /** In PEM. */
  readonly ca: string;
  readonly [key: string]: unknown;
}

/** A kubeconfig with one context and a cluster and a user of the same name. */
export const kubeconfigOf = (
  name: string,
  { server, ca, ...more }: Way,
  user: object = { token: `token-of-${name}` },
): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca), ...more } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });

/** A kubeconfig as kind writes it for our cluster, with extra fields of its user. */
export const ownKubeconfig = (way: Way, user: object = {}): string =>
  kubeconfigOf('lab', way, {
    'client-certificate-data': base64(real.cert),
    'client-key-data': base64(real.key),
    ...user,
  });
