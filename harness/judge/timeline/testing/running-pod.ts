import type { PodState } from '../../../model/event.ts';

/** The state of a ready pod on the node w1, whose containers no watch has reported. */
export const runningPod: PodState = {
  node: 'w1',
  ip: '10.244.0.10',
  phase: 'Running',
  ready: true,
  revision: '',
  version: '',
  terminating: false,
  graceSeconds: null,
  containers: [],
};
