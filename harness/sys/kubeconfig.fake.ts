import { rootCertificates } from 'node:tls';
import { stringify } from 'yaml';

/** A certificate authority's certificate, in PEM: real ones, of which Node brings many. */
export const authority = (index: number): string => rootCertificates[index] ?? '';

/** A kubeconfig with one context and a cluster and a user of the same name. */
export const kubeconfigOf = (
  name: string,
  { server, ca, ...more }: { readonly server: string; readonly ca: string; readonly [key: string]: unknown },
): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [
      { name, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64'), ...more } },
    ],
    users: [{ name, user: { token: `token-of-${name}` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
