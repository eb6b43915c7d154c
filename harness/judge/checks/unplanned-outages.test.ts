import assert from 'node:assert/strict';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { NodeOutage } from '../timeline/node-outages.ts';
import { unplannedOutages } from './unplanned-outages.ts';

const outage: NodeOutage = { node: 'cp', how: 'powered off', from: 3000, earliest: 2500, to: 4000 };

/** An arm in which a fault took a node from 2000 to 5000, and the engine reported an outage of `cp`. */
const armWith = (fault: string, takenNode: string) =>
  ({
    plan: { disruptions: [{ id: 'it' }] },
    landings: { of: () => ({ fault, nodes: [takenNode] }) },
    timeline: {
      faults: [
        { id: 'it', step: 'intent', at: 2000 },
        { id: 'it', step: 'healed', at: 5000 },
      ],
      outages: { all: [outage] },
    },
    phases: { baseline: { from: 0, to: 1000 }, tail: { from: 5000, to: 6000 } },
  }) as unknown as ArmEvidence;

describe('an outage of a node', () => {
  for (const fault of ['node-kill', 'node-stop', 'node-pause', 'node-restart', 'control-plane-stop']) {
    it(`is planned if it is the effect of ${fault} on this node`, () =>
      assert.deepEqual(unplannedOutages(armWith(fault, 'cp')), []));

    it(`is not planned if ${fault} took another node`, () =>
      assert.deepEqual(unplannedOutages(armWith(fault, 'w1')), [outage]));
  }

  for (const fault of ['drain', 'network-card-down', 'api-server-down'])
    it(`is not planned if the fault is ${fault}, which leaves the node on`, () =>
      assert.deepEqual(unplannedOutages(armWith(fault, 'cp')), [outage]));
});
