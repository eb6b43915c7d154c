import type { ObjectRef, V1Deployment } from '../../sys/kube.ts';
import { type NamespaceContext, NoTarget } from './fault.ts';

export const deploymentRef = (namespace: string, name: string): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name,
  namespace,
});

/** The workload's Deployment as it is now. Throws `NoTarget` where there is none. */
export async function readDeployment({ kube, namespace, deployment }: NamespaceContext): Promise<V1Deployment> {
  const found = await kube.read<V1Deployment>(deploymentRef(namespace, deployment));
  if (!found) throw new NoTarget(`there is no deployment ${namespace}/${deployment}`);
  return found;
}

/** A Deployment's own selector, as a list request takes it. */
export const selectorOf = ({ spec }: V1Deployment): string =>
  Object.entries(spec?.selector?.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

/** Another version of a Deployment's template: its version label, which its pods read back as their own. */
export const versionPatch = (version: string, more: object = {}) => ({
  spec: { template: { metadata: { labels: { version } }, ...more } },
});
