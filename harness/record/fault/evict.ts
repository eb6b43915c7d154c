import { z } from 'zod';
import type { EvictionsPlan } from '../../witness/evictions.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import { evictAll, evictionParams, plannedEvictions, recordedEvictions } from './eviction.ts';
import type { NamespaceFault } from './fault.ts';
import { choosePods, podCount } from './targets.ts';

const params = z.strictObject({ count: podCount, ...evictionParams });

/** Evicts pods through the Eviction API, which respects disruption budgets. */
export const evict = builderOf<NamespaceFault<EvictionsPlan, typeof params>>({
  name: 'evict',
  touches: 'namespace',
  does: 'evicts pods of the workload through the Eviction API, all at the same time',
  standsFor:
    'the effect of a drain on one workload: disruption budgets apply, but no node is cordoned, so pods may return to their node',
  undone: 'by the controller, which creates new pods',
  causes: whenPodsEnd,
  example: { params: { count: 'all', retryMs: 1000 }, set: ['budget=minAvailable:2'] },
  params,
  planned: z.strictObject(plannedEvictions),
  recorded: z.object(recordedEvictions),

  async plan(context, { count, ...asking }) {
    const { namespace } = context;
    const chosen = (await choosePods(context, count)).chosen.map(({ metadata, spec }) => ({
      name: metadata?.name ?? '',
      node: spec?.nodeName ?? '',
      namespace,
    }));
    return { namespace, pods: chosen, ...asking };
  },
  inject: evictAll,
  async heal() {},
  landed: witnesses.evict,
});
