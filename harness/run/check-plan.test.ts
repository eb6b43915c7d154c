import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import rollingUpdate from '../../experiments/rolling-update.ts';
import {
  antiAffinity,
  budget,
  drain,
  having,
  loss,
  nodeKill,
  outage,
  preStop,
  processKill,
  recreate,
  rollout,
  runningAtEnd,
  scale,
  strategy,
  untilEvent,
  untilReady,
  without,
} from '../index.ts';
import type { Cause } from '../model/cause.ts';
import type { Change } from '../model/change.ts';
import type { ArmSpec, Disruption } from '../model/experiment.ts';
import { UsageError } from '../model/usage-error.ts';
import { planExperiment } from '../plan/plan.ts';
import { parseSettings } from '../plan/settings.ts';
import { catalogue } from '../record/fault/catalogue.ts';
import { attempt } from '../sys/exec.ts';
import { checkoutDir } from '../sys/paths.ts';
import { type DrillName, experimentOf, predictedDrills } from '../testing/drill/predicted/drills.ts';
import { checkFault, checkHold, checkPlan } from './check-plan.ts';
import { experimentNames, loadExperiment, loadWorkload } from './experiments.ts';

const choices = { seed: 'a', settings: {}, arms: [], allArms: true };
const { neither = assert.fail() } = rollingUpdate.arms;
const update: Disruption = { id: 'update', when: { atMs: 0 }, fault: rollout(), limitMs: 60_000 };

/** The rolling update with a changed arm `neither`. */
const changed = (arm: Partial<ArmSpec>) =>
  planExperiment({ ...rollingUpdate, arms: { ...rollingUpdate.arms, neither: { ...neither, ...arm } } }, choices);

const other = (change: Partial<Disruption>) => changed({ disruptions: [{ ...update, ...change }] });
const withChanges = (...changes: Change[]) => changed({ changes });
const noLossButDemand = { expect: { kind: 'no-loss' }, demands: [runningAtEnd(3)] } as const;
const drained = { id: 'drain', when: { atMs: 0 }, fault: drain({ nodes: { pick: 'zone' } }), limitMs: 60_000 } as const;

describe('a plan', () => {
  for (const name of experimentNames())
    it(`is accepted: ${name}`, async () => checkPlan(planExperiment(await loadExperiment(name), choices)));

  it('is accepted for every predicted drill', async () => {
    const specimen = await loadWorkload('specimen');
    for (const name of Object.keys(predictedDrills) as DrillName[])
      checkPlan(planExperiment(experimentOf(name, specimen), choices));
  });

  for (const [what, plan, says] of [
    ['an unknown fault', other({ fault: { name: 'meteor', params: {} } }), /disruption update: unknown fault meteor/],
    [
      'a mistyped parameter, named before what is missing by it',
      other({ fault: { name: 'drain', params: { node: { pick: 'zone' } } } }),
      /disruption update: drain: Unrecognized key: "node"; nodes: /,
    ],
    [
      'an unknown choice of nodes',
      other({ fault: { name: 'drain', params: { nodes: { pick: 'all' } } } }),
      /disruption update: drain: nodes\.pick: .*/,
    ],
    [
      'a disruption that waits for an unknown one',
      other({ when: { after: 'unknown', event: 'landed', delayMs: 0 } }),
      /update waits for unknown, but this arm has no other disruption with that id/,
    ],
    ['two disruptions of one id', changed({ disruptions: [update, update] }), /several disruptions have the id update/],
    [
      'disruptions that wait for each other',
      changed({
        disruptions: [
          { ...update, when: { after: 'drain', event: 'landed', delayMs: 0 } },
          { ...drained, when: { after: 'update', event: 'landed', delayMs: 0 } },
        ],
      }),
      /update waits for drain waits for update: so none of them starts/,
    ],
    [
      'a fault that lasts until an event of an unknown disruption',
      other({ until: untilEvent('unknown', 'healed') }),
      /disruption update: it lasts until an event of unknown, but this arm has no other disruption/,
    ],
    [
      'the nodes of a disruption that it does not wait for',
      changed({ disruptions: [drained, { ...drained, id: 'off', fault: nodeKill({ nodes: { of: 'drain' } }) }] }),
      /disruption off: it uses the nodes of drain but does not wait for it/,
    ],
    [
      'more ready endpoints than replicas',
      other({ until: untilReady(99) }),
      /disruption update: it lasts until 99 endpoints are ready, but there are only 3 replicas/,
    ],
    [
      'a fault held longer than its timer',
      other({ fault: { name: 'api-server-down', params: {} }, until: { ms: 3_000_000 } }),
      /update: api-server-down ends by itself after \d+ s, but it could be held for 3060 s/,
    ],
    [
      'surge and unavailable both 0',
      withChanges(having(strategy, { maxSurge: 0, maxUnavailable: '0%' })),
      /maxSurge and maxUnavailable are both 0/,
    ],
    [
      'a share of more than all',
      withChanges(having(strategy, { maxSurge: 1, maxUnavailable: '150%' })),
      /maxUnavailable is 150%, but it must be at most 100%/,
    ],
    [
      'a budget of more than all',
      withChanges(having(budget, { minAvailable: '150%' })),
      /its disruption budget has minAvailable 150%, but it must be at most 100%/,
    ],
    [
      'a budget of more replicas than there are',
      withChanges(having(budget, { minAvailable: 4 })),
      /its disruption budget has minAvailable 4, but there are only 3 replicas/,
    ],
    [
      'work that is longer than the client waits',
      withChanges({ option: 'workMs', value: 2000 }),
      /each request takes 2 s, but the client waits only 2 s, so none is answered/,
    ],
    [
      'a sleep that is longer than the grace period',
      withChanges(having(preStop, { sleep: 40 })),
      /the preStop sleep \(40 s\) is longer than the grace period \(30 s\)/,
    ],
    [
      'a loss that its faults cannot bring',
      changed({ expect: loss({ atLeast: 1, causes: ['no-endpoint', 'node-down'] }) }),
      /it expects failures with the cause node-down \(node down\), but its faults cannot bring them\. update \(rollout\) can bring /,
    ],
    [
      'an outage that no fault brings',
      changed({ expect: outage({ atLeastMs: 1000, causes: ['dns-failure'] }) }),
      /it expects failures with the cause dns-failure/,
    ],
  ] as const)
    it(`is refused with ${what}, and the message names the place`, () => {
      assert.throws(
        () => checkPlan(plan),
        (error) =>
          error instanceof UsageError &&
          error.message.startsWith('experiment rolling-update, arm neither') &&
          says.test(error.message),
      );
    });

  it('is refused if an arm takes away what its workload does not give', () => {
    const refused = (changes: Change[], says: RegExp) =>
      assert.throws(
        () => withChanges(...changes),
        (error) =>
          error instanceof UsageError &&
          error.message.startsWith('experiment rolling-update, arm neither: it removes ') &&
          says.test(error.message),
      );
    refused(
      [without(budget)],
      /removes budget, but that changes nothing: the workload already has no disruption budget/,
    );
    refused([without(preStop), without(preStop)], /removes preStop/);
    const defaults = having(strategy, { maxSurge: '25%', maxUnavailable: '25%' });
    refused([defaults, without(strategy)], /removes strategy, but that changes nothing/);
  });

  it('is refused with a change that no workload has', () => {
    assert.throws(
      () => withChanges({ without: 'luck' }),
      /^UsageError: experiment rolling-update, arm neither: .*luck/,
    );
    assert.throws(
      () => withChanges({ option: 'speed', value: 1 }),
      /arm neither: the workload has no option speed\. Options: startDelayMs, /,
    );
    assert.throws(() => withChanges({ having: 'replicas', value: 'many' }), /arm neither: .*replicas/);
  });

  it('is refused if the faults of an arm cannot show the loss of what it takes away', () => {
    const crash = { id: 'crash', when: { atMs: 0 }, fault: processKill({ count: 1 }), limitMs: 60_000 } as const;
    const plan = changed({
      changes: [without(preStop)],
      disruptions: [crash],
      expect: noLossButDemand.expect,
      demands: noLossButDemand.demands,
    });
    assert.throws(
      () => checkPlan(plan),
      /arm neither: it removes preStop, but process-kill cannot show that loss\. Faults that can: .*rollout/,
    );
    checkPlan(changed({ changes: [without(preStop)], disruptions: [crash, update] }));
  });

  it('is refused if a treatment gives what an unprotected arm with the same faults lacks in vain', () => {
    const treatment = rollingUpdate.arms.treatment ?? assert.fail();
    const arms = {
      treatment: { ...treatment, changes: [having(budget, { minAvailable: 2 })] },
      neither: { ...neither, changes: [] },
    };
    assert.throws(
      () => checkPlan(planExperiment({ ...rollingUpdate, arms }, choices)),
      /arm neither: it removes budget, but rollout cannot show that loss\. Faults that can: .*drain/,
    );
    const spread = having(antiAffinity, 'required');
    const placed = { disruptions: [{ ...update, fault: recreate() }], changes: [spread] };
    checkPlan(
      planExperiment(
        {
          ...rollingUpdate,
          arms: { treatment: { ...treatment, ...placed }, neither: { ...neither, ...placed, changes: [] } },
        },
        choices,
      ),
    );
  });

  it('may wait for more replicas after a scale, and expect a cause of any of its faults', () => {
    const grow = { id: 'grow', when: { atMs: 0 }, fault: scale({ replicas: 5 }), limitMs: 60_000 } as const;
    checkPlan(changed({ disruptions: [grow, { ...update, until: untilReady(5) }] }));
    const off = nodeKill({ nodes: { of: 'drain' } });
    const after = { after: 'drain', event: 'landed', delayMs: 0 } as const;
    checkPlan(
      changed({
        disruptions: [
          { ...drained, until: untilEvent('off', 'healed') },
          { ...drained, id: 'off', fault: off, when: after },
        ],
        expect: loss({ atLeast: 1, causes: ['node-down'] }),
      }),
    );
    const power = { ...drained, id: 'power', fault: nodeKill({ nodes: { pick: 'most-replicas' } }) };
    checkPlan(changed({ disruptions: [update, power], expect: loss({ atLeast: 1, causes: ['node-down'] }) }));
  });

  it('is refused because of --set', () => {
    const planned = planExperiment(rollingUpdate, { ...choices, settings: parseSettings(['work=5000']) });
    assert.throws(() => checkPlan(planned), /arm \S+: each request takes 5 s/);
  });

  it('of a single injection is refused with the fault, and the message names the place', () => {
    const refused = (fault: string, params: { readonly [key: string]: string }, says: RegExp) =>
      assert.throws(
        () => checkFault({ name: fault, params }, '--params'),
        (error) => error instanceof UsageError && says.test(error.message),
      );
    refused('drain', { nodes: 'all' }, /^--params: drain: nodes: /);
    refused('rollout', { speed: 'high' }, /^--params: rollout: .*speed/);
    refused('meteor', {}, /unknown fault meteor/);
  });

  it('holds no fault longer than the timer that ends it', () => {
    const held = (name: string, ms: number) => () =>
      checkHold({ id: 'it', when: { atMs: 0 }, fault: { name, params: {} }, until: { ms }, limitMs: 60_000 }, '--hold');
    assert.throws(
      held('node-partition', 900_000),
      /^UsageError: --hold: it: node-partition ends by itself after 900 s, but it could be held for 960 s$/,
    );
    held('node-partition', 600_000)();
    held('node-kill', 3_600_000)();
  });

  it('is refused by plan and run with the same message, before anything starts', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-refused-'));
    try {
      const file = join(folder, 'refused.ts');
      const { arms, workload: _, ...rest } = rollingUpdate;
      const value = {
        ...rest,
        name: 'refused',
        arms: { ...arms, neither: { ...neither, changes: [{ option: 'workMs', value: 2000 }] } },
      };
      writeFileSync(
        file,
        `import { specimen } from 'holdfast';\nexport default { ...${JSON.stringify(value)}, workload: specimen() };\n`,
      );
      const said = async (command: string) => {
        const main = join(checkoutDir(), 'harness/cli/main.ts');
        const { exitCode, stderr } = await attempt(process.execPath, [main, command, file], {
          signal: AbortSignal.timeout(60_000),
        });
        assert.equal(exitCode, 2, stderr);
        return stderr;
      };
      const planned = await said('plan');
      assert.match(planned, /^holdfast: experiment refused, arm neither: each request takes 2 s/);
      assert.equal(await said('run'), planned);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }).timeout(60_000);
});

describe('the causes that faults bring', () => {
  const golden = join(checkoutDir(), 'harness/testing/golden');

  it('include those in golden recordings', () => {
    let seen = 0;
    for (const file of globSync('*/expected.json', { cwd: golden })) {
      const { experiments } = JSON.parse(readFileSync(join(golden, file), 'utf8'));
      const plan = JSON.parse(readFileSync(join(golden, file, '../plan.json'), 'utf8'));
      for (const [index, { arms }] of experiments.entries())
        for (const { name, byCause } of arms) {
          const { disruptions } = plan.experiments[index].arms.find((arm: { name: string }) => arm.name === name);
          const brought = new Set(
            disruptions.flatMap(({ fault }: Disruption) => catalogue.get(fault.name)?.causes ?? []),
          );
          // A synthetic recording has the cause that it is about, which its fault may not bring.
          if (file.startsWith('synthetic-')) continue;
          for (const cause of Object.keys(byCause) as Cause[]) {
            assert.ok(brought.has(cause), `${file}, ${name}: ${cause}`);
            seen++;
          }
        }
    }
    assert.ok(seen > 5, `${seen} causes`);
  });
});
