/** What must not compile where experiments are written. Only the type check reads this file. */

import { disruption, drain, evict, lasting, loss, nodeKill, restart, rollout, runningAtEnd, scale } from './index.ts';

drain({ nodes: { pick: 'most-replicas' } });
drain({ nodes: { pick: 'most-replicas', count: 2 }, timeLimitMs: 5000, finishes: false });
nodeKill({ nodes: { pick: 'zone' } });
nodeKill({ nodes: { of: 'drain' } });
rollout();
restart();
scale({ replicas: 5 });
evict({ count: 'all' });
runningAtEnd(4, 'old');

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
