import type { Files } from '../worlds/files.ts';
import { withGuarantees } from './arm-json.ts';
import { armPlanWith, type EventData, eventDataWith, eventsWith } from './by-hand.ts';
import {
  type Damages,
  type Edit,
  lines,
  named,
  noticedBy,
  noticedThough,
  oneAfterAnother,
  phaseStart,
  podsOf,
  replaced,
  withEvent,
  withoutLines,
} from './edit.ts';

const events = /^events/;

const planned = (guarantees: Parameters<typeof withGuarantees>[1]): Edit =>
  armPlanWith((plan) => withGuarantees(plan, guarantees));

/** The budget demands no healthy pod, and so allows the disruption of every healthy pod. */
const budgetForNoPod: Edit = eventDataWith('budget', ({ currentHealthy }) => ({
  desiredHealthy: 0,
  disruptionsAllowed: currentHealthy,
}));

/** Changes the plan in the fault's intent event. */
const noted = (change: (plan: EventData) => object): Edit =>
  eventsWith((event) => {
    const { plan, ...rest } = event.data as { plan?: EventData };
    if (event.source !== 'fault' || event.type !== 'intent' || !plan) return event;
    return { ...event, data: { ...rest, plan: { ...plan, ...change(plan) } } };
  });

const notNaming = (spared: number): Edit =>
  noted(({ oldPods }) => ({ oldPods: (oldPods as string[]).toSorted().slice(spared) }));

/** Removes the deletion events of `many` old pods, so that they seem to stay. */
const neverGone =
  (many: number): Edit =>
  (files) => {
    const old = podsOf(files).slice(0, 3).sort().slice(0, many);
    return withoutLines(events, new RegExp(`"source":"pod","type":"deleted".*${named(...old)}`))(files);
  };

/** The last new pod never becomes ready, according to the pod watch. */
const oneNeverReady: Edit = (files) => {
  const last = podsOf(files).at(-1);
  return eventsWith((event) =>
    event.source === 'pod' && event.name === last
      ? { ...event, data: { ...(event.data as EventData), ready: false } }
      : event,
  )(files);
};

const momentOf = (line: string): number => (JSON.parse(line) as { at: number }).at;

const eventOf = (files: Files, pod = ''): { readonly data: { readonly revision: string } } =>
  JSON.parse(files['events.ndjson']?.findLast((line) => line.includes(`"source":"pod"`) && line.includes(pod)) ?? '{}');

const before = (files: Files) => phaseStart(files, 'baseline') + 500_000;

/** Differences between the cluster and the plan. */
export const clusterDamages: Damages = {
  ...noticedBy('as-planned', {
    'a Deployment that wanted 1 replica': eventDataWith('deployment', () => ({ desired: 1 })),
    'a Deployment that wanted none': eventDataWith('deployment', () => ({ desired: 0 })),
    'a plan of 30 replicas': planned({ replicas: 30 }),
    'a plan of 2 replicas': planned({ replicas: 2 }),
    'more new pods at once than were planned': eventDataWith('deployment', () => ({ replicas: 6 })),
    'a pod that was not ready in the baseline': (files) => {
      const all = files['events.ndjson'] ?? [];
      const slice =
        all.findLast((line) => line.includes('"source":"endpointslice"') && momentOf(line) < before(files)) ?? '{}';
      const event = (line: string) => {
        const { at: _, ...rest } = JSON.parse(line) as { at: number };
        return rest;
      };
      return oneAfterAnother(
        withEvent(before, event(slice.replace('"ready":true', '"ready":false'))),
        withEvent((own) => before(own) + 300_000, event(slice)),
      )(files);
    },
    'a disruption budget that was not planned': withEvent((files) => phaseStart(files, 'warmup') + 1000, {
      source: 'budget',
      type: 'added',
      subject: 'uid-of-the-budget',
      kind: 'PodDisruptionBudget',
      name: 'web',
      data: { desiredHealthy: 2, currentHealthy: 3, expectedPods: 3, disruptionsAllowed: 1 },
    }),
    'a fault that was done in another way than planned': noted(() => ({ finishes: false })),
    'a rollout of pods that never stood': noted(({ oldPods }) => ({
      oldPods: [...(oldPods as string[]), 'web-never'],
    })),
    'pods that got another time to end': eventsWith((event) => {
      const data = event.data as { terminating?: boolean };
      return event.source === 'pod' && data.terminating ? { ...event, data: { ...data, graceSeconds: 5 } } : event;
    }),
    'a fault that was begun twice': lines(events, (all) =>
      all.flatMap((line) => (/"source":"fault","type":"intent"/.test(line) ? [line, line] : [line])),
    ),
  }),
  ...noticedThough('as-planned', {
    'an old pod that never went, and was not to': { bare: neverGone(1), coverUp: notNaming(1) },
    'two old pods that never went, and were not to': { bare: neverGone(2), coverUp: notNaming(2) },
    'a new pod that was never ready, and a Deployment that wanted two': {
      bare: oneNeverReady,
      coverUp: eventDataWith('deployment', () => ({ desired: 2 })),
    },
    'no new pods, and a Deployment that wanted none': {
      bare: oneAfterAnother(
        oneNeverReady,
        eventDataWith('deployment', () => ({ updated: 0 })),
      ),
      coverUp: eventDataWith('deployment', () => ({ desired: 0 })),
    },
    'an old pod that never went, and had the new revision already': {
      bare: neverGone(1),
      coverUp: oneAfterAnother(notNaming(1), (files) => {
        const [old] = podsOf(files).slice(0, 3).sort();
        const { revision } = eventOf(files, podsOf(files).at(-1)).data;
        return eventsWith((event) =>
          event.source === 'pod' && event.name === old
            ? { ...event, data: { ...(event.data as EventData), revision } }
            : event,
        )(files);
      }),
    },
  }),
};

const notDemanded = armPlanWith((plan) => ({ ...plan, demands: [] }));

/** All evictions are allowed as soon as the drain begins. */
const allAtOnce: Edit = eventsWith((event, files) => {
  const { code } = event.data as { code?: number };
  return event.source === 'eviction' && code === 201 ? { ...event, at: phaseStart(files, 'fault') + 60_000 } : event;
});

const disruptionWith = (change: object): Edit =>
  armPlanWith((plan) => ({
    ...plan,
    disruptions: (plan.disruptions as object[]).map((each) => ({ ...each, ...change })),
  }));

/** Plans a drain of all nodes with replicas. */
const everyNode = disruptionWith({ fault: { name: 'drain', params: { nodes: { pick: 'with-replicas' } } } });

const isNamed = (name: string) => (item: unknown) => (item as { name: string }).name === name;

/** Differences between a drain's budget and the plan. */
export const plannedBudgetDamages: Damages = {
  ...noticedBy('as-planned', {
    'a budget that required less': replaced(events, '"desiredHealthy":2', '"desiredHealthy":1'),
    'a plan whose budget required more': planned({ budget: { minAvailable: 3 } }),
    'a budget in percent that is rounded up': planned({ budget: { minAvailable: '67%' } }),
    'a budget with another number of pods': eventDataWith('budget', () => ({ expectedPods: 5 })),
    'a drain of three nodes instead of one': disruptionWith({
      fault: { name: 'drain', params: { nodes: { pick: 'most-replicas' } } },
    }),
    'a drain that was planned not to finish': noted(() => ({ finishes: false })),
  }),
  ...noticedThough('as-planned', {
    'a node that was not drained, and is missing from the fault’s plan': {
      bare: oneAfterAnother(everyNode, withoutLines(events, /"source":"eviction".*"name":"web-old-2".*"code":201/)),
      coverUp: noted(({ nodes, pods }) => ({
        nodes: (nodes as object[]).filter((item) => !isNamed('w3')(item)),
        pods: (pods as object[]).filter((item) => !isNamed('web-old-2')(item)),
      })),
    },
    'evictions all at once, under a budget that required no pods': {
      bare: oneAfterAnother(notDemanded, allAtOnce),
      coverUp: budgetForNoPod,
    },
    'evictions all at once, under another planned budget with a matching status': {
      bare: oneAfterAnother(notDemanded, allAtOnce),
      coverUp: oneAfterAnother(budgetForNoPod, planned({ budget: { minAvailable: 1 } })),
    },
  }),
};

const landedAt = (files: Files): number =>
  momentOf(files['events.ndjson']?.find((line) => line.includes('"type":"landed"')) ?? '{}');

/** Differences between the planned and the actual time and duration of a node's outage. */
export const plannedMomentDamages: Damages = noticedBy('as-planned', {
  'a node that was restarted too early': eventsWith((event, files) =>
    event.source === 'fault' && event.type === 'healed' ? { ...event, at: landedAt(files) + 1_000_000 } : event,
  ),
  'a node that was planned to be lost 2 s later': disruptionWith({ when: { atMs: 2000 } }),
  'a node that was planned to be lost after another pod': disruptionWith({ when: { readyAtMost: 2, delayMs: 0 } }),
  'a node that was planned to be lost after another disruption': disruptionWith({
    when: { after: 'update', event: 'landed', delayMs: 0 },
  }),
  'one lost node instead of two': disruptionWith({
    fault: { name: 'node-kill', params: { nodes: { pick: 'most-replicas', count: 2 } } },
  }),
  'a node that was planned to have no replicas': disruptionWith({
    fault: { name: 'node-kill', params: { nodes: { pick: 'without-replicas' } } },
  }),
  'a node that was planned to be restarted immediately': disruptionWith({ until: { readyAtLeast: 3 } }),
  'a pod that was terminated before the node was lost': (files) => {
    const pod = files['events.ndjson']?.find((line) => line.includes('"source":"pod"')) ?? '{}';
    const { at: _, data, ...event } = JSON.parse(pod) as { at: number; data: object };
    return withEvent(before, { ...event, type: 'modified', data: { ...data, terminating: true } })(files);
  },
});
