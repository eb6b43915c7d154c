/** What must not compile where experiments are written. Only the type check reads this file. */

import {
  antiAffinity,
  budget,
  disruption,
  drain,
  evict,
  having,
  lasting,
  loss,
  nodeKill,
  preStop,
  replicas,
  restart,
  rollout,
  runningAtEnd,
  scale,
  specimen,
  without,
} from './index.ts';

drain({ nodes: { pick: 'most-replicas' } });
drain({ nodes: { pick: 'most-replicas', count: 2 }, timeLimitMs: 5000, finishes: false });
nodeKill({ nodes: { pick: 'zone' } });
nodeKill({ nodes: { of: 'drain' } });
rollout();
restart();
scale({ replicas: 5 });
evict({ count: 'all' });
runningAtEnd(4, 'old');
specimen({ startDelayMs: 500 }, having(replicas, 4), without(preStop));
having(preStop, { sleep: 5 });
having(budget, { minAvailable: '67%' });
having(antiAffinity, { strength: 'preferred', over: 'zone' });

// @ts-expect-error a choice that does not exist
drain({ nodes: { pick: 'most-replica' } });
// @ts-expect-error a count for a choice that takes all nodes
nodeKill({ nodes: { pick: 'zone', count: 2 } });
// @ts-expect-error a mistyped parameter
drain({ node: { pick: 'zone' } });
// @ts-expect-error the nodes are missing
drain();
// @ts-expect-error the number of replicas is missing
scale({});
// @ts-expect-error text instead of a number
scale({ replicas: '5' });
// @ts-expect-error a fault without parameters
restart({ finishes: false });
// @ts-expect-error a cause that does not exist
loss({ atLeast: 1, causes: ['node-lost'] });
// @ts-expect-error a disruption without a limit
disruption({ id: 'update', fault: rollout() });
// @ts-expect-error text instead of milliseconds
lasting('5s');
// @ts-expect-error a version instead of a revision
runningAtEnd(4, '1');
// @ts-expect-error a guarantee that does not exist
without('luck');
// @ts-expect-error text instead of a number
having(replicas, '4');
// @ts-expect-error a mistyped field of a budget
having(budget, { minAvailible: 2 });
// @ts-expect-error an option that the specimen does not have
specimen({ preStopSeconds: 5 });
