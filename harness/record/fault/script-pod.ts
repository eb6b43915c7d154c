import type { V1Pod } from '@kubernetes/client-node';
import { helperLabels } from '../lab/helpers.ts';
import type { LabContext } from './fault.ts';

/**
 * A pod that a fault creates in the namespace of the helpers, from the image of the specimen. It runs one line of
 * JavaScript and has no other rights.
 */
export const scriptPod = (
  { lab, helpersNamespace: namespace }: Pick<LabContext, 'lab' | 'helpersNamespace'>,
  {
    name,
    script,
    spec,
    cpu,
    cpuLimit,
  }: {
    readonly name: string;
    readonly script: string;
    readonly spec: Partial<NonNullable<V1Pod['spec']>>;
    readonly cpu: string;
    readonly cpuLimit?: string;
  },
): V1Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: helperLabels('fault') },
  spec: {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    restartPolicy: 'Never',
    securityContext: { runAsUser: 65_534, runAsGroup: 65_534, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'script',
        image: lab.info.images.specimen,
        imagePullPolicy: 'IfNotPresent',
        command: ['/usr/local/bin/node', '--eval', script],
        resources: {
          requests: { cpu, memory: '32Mi' },
          limits: { memory: '128Mi', ...(cpuLimit !== undefined && { cpu: cpuLimit }) },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          readOnlyRootFilesystem: true,
        },
      },
    ],
    ...spec,
  },
});
