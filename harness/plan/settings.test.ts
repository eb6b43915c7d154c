import assert from 'node:assert/strict';
import drainBudget from '../../experiments/drain-budget.ts';
import experiment from '../../experiments/rolling-update.ts';
import type { TrafficSettings, WorkloadSettings } from '../model/experiment.ts';
import { UsageError } from '../model/usage-error.ts';
import { type PlanChoices, planExperiment } from './plan.ts';
import { parseSettings, settingKeys } from './settings.ts';
import { planText } from './text.ts';

const planned = (words: readonly string[], arms: readonly string[] = [], seed = 'seed') =>
  planExperiment(experiment, { seed, settings: parseSettings(words), arms, allArms: false });

const armOf = (words: readonly string[], name: string) => {
  const arm = planned(words).arms.find((each) => each.name === name);
  assert.ok(arm);
  return arm;
};

describe('settings', () => {
  it('change all arms, but give no arm the protection that it lacks', () => {
    assert.equal(armOf(['preStop=3'], 'treatment').workload.preStopSeconds, 3);
    assert.equal(armOf(['preStop=3'], 'neither').workload.preStopSeconds, 0);
  });

  it('for one arm override its own settings', () => {
    const words = ['treatment.preStop=0', 'neither.preStop=7'];
    assert.equal(armOf(words, 'treatment').workload.preStopSeconds, 0);
    assert.equal(armOf(words, 'neither').workload.preStopSeconds, 7);
    assert.equal(armOf(words, 'readiness-only').workload.preStopSeconds, 0);
  });

  it('are part of the description of the arm that they change', () => {
    assert.equal(armOf(['treatment.preStop=0'], 'treatment').says, 'readiness probe and preStop sleep, but preStop=0');
    assert.equal(armOf(['treatment.preStop=0'], 'control').says, 'no rollout');
  });

  it('add and remove a disruption budget', () => {
    assert.deepEqual(armOf(['budget=minAvailable:2'], 'treatment').workload.budget, { minAvailable: 2 });
    assert.deepEqual(armOf(['budget=maxUnavailable:30%'], 'treatment').workload.budget, { maxUnavailable: '30%' });
    assert.equal(armOf(['budget=none'], 'treatment').workload.budget, null);
  });

  it('change the traffic', () => {
    assert.equal(armOf(['rate=50'], 'control').traffic?.freshPerSecond, 50);
    const { arms } = planned(['rate=50', 'timeout=5', 'trafficFrom=worker']);
    for (const { traffic } of arms)
      assert.deepEqual(traffic, { freshPerSecond: 50, keptAlivePerSecond: 60, timeoutMs: 5000, from: 'worker' });
  });

  /** Every setting: a word, and what it changes. */
  const changes: { readonly [word: string]: Partial<WorkloadSettings> & Partial<TrafficSettings> } = {
    'replicas=4': { replicas: 4 },
    'maxSurge=2': { maxSurge: 2 },
    'maxUnavailable=25%': { maxUnavailable: '25%' },
    'readiness=off': { readiness: false },
    'preStop=7': { preStopSeconds: 7 },
    'grace=9': { graceSeconds: 9 },
    'startDelay=4': { startDelayMs: 4000 },
    'readyDelay=6': { readyDelayMs: 6000 },
    'requestsPerConnection=50': { requestsPerConnection: 50 },
    'drain=exit': { drain: 'exit' },
    'work=30': { workMs: 30 },
    'strategy=Recreate': { strategy: 'Recreate' },
    'budget=minAvailable:1': { budget: { minAvailable: 1 } },
    'antiAffinity=required': { antiAffinity: 'required' },
    'antiAffinityOver=rack': { antiAffinityOver: 'rack' },
    'scheduler=no-spread': { scheduler: 'no-spread' },
    'busyWorkers=2': { busyWorkers: 2 },
    'dependency=on': { dependency: true },
    'rate=120': { freshPerSecond: 120 },
    'keptAliveRate=90': { keptAlivePerSecond: 90 },
    'timeout=3': { timeoutMs: 3000 },
    'trafficFrom=worker': { from: 'worker' },
  };

  it('change what each is named for, and nothing else', () => {
    assert.deepEqual(
      Object.keys(changes).map((word) => word.split('=')[0]),
      settingKeys,
    );
    const settingsOf = (words: readonly string[]) => {
      const { workload, traffic } = armOf(words, 'treatment');
      return { ...workload, ...traffic };
    };
    const before = settingsOf([]);
    for (const [word, change] of Object.entries(changes)) {
      assert.notDeepEqual(settingsOf([word]), before, word);
      assert.deepEqual(settingsOf([word]), { ...before, ...change }, word);
    }
  });

  for (const [word, says] of [
    ['preStop', /expected key=value/],
    ['=5', /expected key=value/],
    ['maxSurge=25%x', /expected a whole number or a percentage such as 25%/],
    ['maxSurge=1000%', /expected a whole number or a percentage such as 25%/],
    ['replicas=0', /whole number from 1 to 20/],
    ['replicas=1.5', /whole number from 1 to 20/],
    ['preStop=soon', /whole number from 0 to 300/],
    ['rate=5000', /whole number from 10 to 200/],
    ['readiness=yes', /on or off/],
    ['drain=fast', /graceful, exit, ignore/],
    ['prestop=1', /unknown setting prestop\. Settings: replicas/],
    ['__proto__=1', /unknown setting __proto__/],
    ['treated.preStop=1', /no arm treated\. Arms: control/],
    ['budget=2', /expected none, minAvailable:2 or maxUnavailable:30%/],
    ['maxSurge=half%', /expected a whole number or a percentage such as 25%/],
    ['maxUnavailable=21', /whole number from 0 to 20/],
    ['antiAffinity=yes', /none, preferred, required/],
    ['control.rate=10', /--set control\.rate: all arms have the same traffic.* Use rate without an arm/],
    ['treatment.timeout=30', /--set treatment\.timeout: all arms have the same traffic/],
    ['neither.keptAliveRate=10', /all arms have the same traffic/],
    ['treatment.trafficFrom=worker', /all arms have the same traffic/],
  ] as const) {
    it(`refuses ${word}`, () =>
      assert.throws(
        () => planned([word]),
        (error) => error instanceof UsageError && says.test(error.message),
      ));
  }
});

describe('plan', () => {
  it('is the same for the same seed, and has every arm once', () => {
    assert.deepEqual(planned([]), planned([]));
    assert.deepEqual(
      planned([])
        .arms.map(({ name }) => name)
        .sort(),
      Object.keys(experiment.arms).sort(),
    );
  });

  it('takes the order of arms from the seed', () => {
    const orders = new Set(
      ['a', 'b', 'c', 'd', 'e'].map((seed) =>
        planned([], [], seed)
          .arms.map(({ name }) => name)
          .join(),
      ),
    );
    assert.ok(orders.size > 1);
  });

  it('has only the requested arms', () => {
    assert.deepEqual(
      planned([], ['control', 'neither'])
        .arms.map(({ name }) => name)
        .sort(),
      ['control', 'neither'],
    );
    assert.throws(() => planned([], ['nothing']), /rolling-update has no arm nothing\. Arms: control/);
  });

  it('has extra arms only if all arms or these arms are requested', () => {
    const extra = Object.entries(drainBudget.arms).flatMap(([name, arm]) => (arm.extra ? [name] : []));
    const extraOf = (choices: Partial<PlanChoices>) =>
      planExperiment(drainBudget, { seed: 'a', settings: {}, arms: [], allArms: false, ...choices }).arms.filter(
        ({ name }) => extra.includes(name),
      ).length;
    assert.ok(extra.length > 0);
    assert.deepEqual(
      [extraOf({}), extraOf({ allArms: true }), extraOf({ arms: extra.slice(0, 1) })],
      [0, extra.length, 1],
    );
  });

  it('gives every arm its own namespace', () => {
    const namespaces = planned([]).arms.map(({ namespace }) => namespace);
    assert.equal(new Set(namespaces).size, namespaces.length);
    for (const namespace of namespaces) assert.match(namespace, /^[a-z0-9-]{1,63}$/);
  });

  it('shows every setting in which its arms differ', () => {
    const described = () => ({ does: '', standsFor: '', undone: '' });
    const words = ['neither.drain=exit', 'control.maxSurge=25%', 'neither.budget=minAvailable:2'];
    const text = planText('a', [planned(words)], described);
    const differs = Object.fromEntries(
      [...text.matchAll(/^ {2}(\S+) \([\s\S]*?^ {4}differs {3}(.*)$/gm)].map(([, arm, words]) => [arm, words]),
    );
    assert.equal(
      differs.neither,
      'maxSurge 1, no readiness probe, no preStop sleep, exits at once on SIGTERM, disruption budget minAvailable 2',
    );
    assert.equal(
      differs.control,
      'maxSurge 25%, readiness probe, preStop sleep 5 s, finishes its requests on SIGTERM, no disruption budget',
    );
    assert.equal(Object.keys(differs).length, 5);
    assert.doesNotMatch(planText('a', [planned([], ['control'])], described), /differs/);
  });
});
