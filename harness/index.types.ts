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

// @ts-expect-error a choice that there is not
drain({ nodes: { pick: 'most-replica' } });
// @ts-expect-error a number where all of them are meant
nodeKill({ nodes: { pick: 'zone', count: 2 } });
// @ts-expect-error a mistyped parameter
drain({ node: { pick: 'zone' } });
// @ts-expect-error it must know which nodes
drain();
// @ts-expect-error it must know how many
scale({});
// @ts-expect-error a number as text
scale({ replicas: '5' });
// @ts-expect-error it needs to know nothing
restart({ finishes: false });
// @ts-expect-error a cause that there is not
loss({ atLeast: 1, causes: ['node-lost'] });
// @ts-expect-error a disruption without a limit
disruption({ id: 'update', fault: rollout() });
// @ts-expect-error a duration in words
lasting('5s');
// @ts-expect-error a version instead of a revision
runningAtEnd(4, '1');
