import { stringify } from 'yaml';

/**
 * `no-spread` has no default topology spread, so that busy nodes make the scheduler choose the same node for all
 * replicas. With the default spread that is rare.
 */
export const schedulerProfiles = ['default-scheduler', 'no-spread'] as const;

/** The scheduler's configuration file: the default profile, and one without default topology spread. */
export function schedulerConfig(): string {
  return stringify({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    clientConnection: { kubeconfig: '/etc/kubernetes/scheduler.conf' },
    leaderElection: { leaderElect: true },
    profiles: [
      { schedulerName: schedulerProfiles[0] },
      {
        schedulerName: schedulerProfiles[1],
        pluginConfig: [{ name: 'PodTopologySpread', args: { defaultConstraints: [], defaultingType: 'List' } }],
      },
    ],
  });
}
