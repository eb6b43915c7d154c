import type { Files } from '../worlds/files.ts';
import {
  aboutIn,
  type Damages,
  type Edit,
  lines,
  noticedBy,
  phaseStart,
  rows,
  withEvent,
  withoutFiles,
  withoutLines,
} from './edit.ts';

const answered = /,0,"",200,/;
const quiet = (files: Files) => phaseStart(files, 'fault') + 700_000;

interface PodEvent {
  readonly subject: string;
  readonly name: string;
  readonly data: { readonly node: string };
}

/** The event of the pod watch about a ready pod. */
function readyPod(files: Files): PodEvent {
  const isOne = (line: string) => line.includes('"source":"pod"') && line.includes('"ready":true');
  const { at: _, ...event } = JSON.parse(files['events.ndjson']?.find(isOne) ?? '{}') as PodEvent & { at: number };
  return event;
}

/** Adds an event about the node of a ready pod, during a phase in which nothing may happen. */
const ofANode =
  (source: string, type: string, data: object): Edit =>
  (files) => {
    const { node } = readyPod(files).data;
    const about = source === 'node' ? aboutIn(files, 'node', node) : { subject: node };
    return withEvent(quiet, { source, type, ...about, data })(files);
  };

const ofAPod =
  (change: object): Edit =>
  (files) => {
    const event = readyPod(files);
    return withEvent(quiet, { ...event, type: 'modified', data: { ...event.data, ...change } })(files);
  };

const node = { ready: 'True', unschedulable: false, taints: [], conditions: [], zone: '', rack: '' };
const container = { name: 'server', ready: true, restartCount: 1, state: 'running', reason: '', exitCode: null };
const restarted = { ...container, ended: null };

/** Disturbances of an arm that must not be disturbed. */
export const controlDamages: Damages = {
  ...noticedBy('nothing-disturbed', {
    'an outage of a node': ofANode('container', 'die', { state: 'exited', exitCode: 137 }),
    'a node that was frozen': ofANode('container', 'pause', { state: 'paused', exitCode: null }),
    'a node that was not ready': ofANode('node', 'modified', { ...node, ready: 'Unknown' }),
    'a node that was cordoned': ofANode('node', 'modified', { ...node, unschedulable: true }),
    'an API server that was down': withEvent(quiet, {
      source: 'api-server',
      type: 'down',
      subject: 'api-server',
      data: { ready: false, reason: 'connection refused' },
    }),
    'an eviction': (files) =>
      withEvent(quiet, {
        source: 'eviction',
        type: 'answer',
        ...aboutIn(files, 'pod'),
        data: { disruption: 'drain', node: readyPod(files).data.node, code: 201, message: '' },
      })(files),
    'a fault': withEvent(quiet, { source: 'fault', type: 'injected', subject: 'update', data: { fault: 'rollout' } }),
    'a pod that is terminated': ofAPod({ terminating: true }),
    'a pod that is no longer ready': ofAPod({ ready: false }),
    'a container that restarted': ofAPod({ containers: [restarted] }),
    'a new pod': (files) =>
      withEvent(quiet, { ...readyPod(files), subject: 'uid-of-a-stranger', name: 'web-stranger' })(files),
  }),
  ...noticedBy('loss-as-expected', {
    'a request that failed': rows(/^requests-fresh/, (all) =>
      all.map((row, at) =>
        at === Math.floor(all.length * 0.6) ? row.replace(answered, ',1050,"request timeout",0,') : row,
      ),
    ),
  }),
  ...noticedBy('no-watch-gaps', {
    'no node watch': withoutLines(/^events/, /"source":"node"/),
    'no watch of Kubernetes’ own events': withoutLines(/^events/, /"source":"k8s-event"/),
    'a gap in a watch': withEvent(quiet, { source: 'watch', type: 'gap', subject: 'pod', data: {} }),
  }),
  ...noticedBy('arm-complete', {
    'no mark of the end': withoutLines(/^events/, /"source":"phase","type":"end"/),
  }),
};

/** The end of a row of any failed request. */
const failed = /,(?:1\d{3}),"[^"]*",0,/;
const requests = /^requests/;

/** Damages of an arm that must lose requests. */
export const unprotectedDamages: Damages = {
  ...noticedBy('loss-as-expected', {
    'no request that failed': rows(requests, (all) => all.map((row) => row.replace(failed, ',0,"",200,'))),
    'failures that the generator made': rows(requests, (all) =>
      all.map((row) => row.replace(failed, ',1213,"dial: bind: cannot assign requested address",0,')),
    ),
  }),
  ...noticedBy('load-delivered', {
    'no row of a request that failed': rows(requests, (all) => all.filter((row) => !failed.test(row))),
  }),
  ...noticedBy('failures-attributed', {
    'failures without the evidence of their cause': withoutFiles(/^(workload|conntrack)/),
    'no pod logs': withoutFiles(/^workload/),
  }),
  ...noticedBy('answers-identified', {
    'codes that say that the answers were errors': rows(requests, (all) =>
      all.map((row) => row.replace(failed, ',1500,"500",500,')),
    ),
  }),
  ...noticedBy('clean-baseline', {
    'failures in the baseline': (files) => {
      const baseline = phaseStart(files, 'baseline');
      return lines(requests, ([header = '', ...rest]) => {
        const { epoch } = JSON.parse(header) as { epoch: number };
        return [
          header,
          ...rest.map((row) => {
            const start = Number(row.split(',')[2]) + epoch;
            return start > baseline + 1e6 && start < baseline + 1.1e6
              ? row.replace(answered, ',1212,"dial: connection refused",0,')
              : row;
          }),
        ];
      })(files);
    },
  }),
};
