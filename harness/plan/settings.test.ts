import assert from 'node:assert/strict';
import drainBudget from '../../experiments/drain-budget.ts';
import experiment from '../../experiments/rolling-update.ts';
import { UsageError } from '../model/usage-error.ts';
import { type PlanChoices, planExperiment } from './plan.ts';
import { parseSettings, settingKeys } from './settings.ts';

const planned = (words: readonly string[], arms: readonly string[] = [], seed = 'seed') =>
  planExperiment(experiment, { seed, settings: parseSettings(words), arms, allArms: false });

const armOf = (words: readonly string[], name: string) => {
  const arm = planned(words).arms.find((each) => each.name === name);
  assert.ok(arm);
  return arm;
};

const sleeps = (words: readonly string[], arm: string) => armOf(words, arm).workload.facts.preStop;
const sleep = (seconds: number) => ({ server: { sleepSeconds: seconds } });

describe('settings', () => {
  it('change all arms, but give no arm the protection that it lacks', () => {
    assert.deepEqual(sleeps(['preStop=3'], 'treatment'), sleep(3));
    assert.deepEqual(sleeps(['preStop=3'], 'neither'), {});
  });

  it('for one arm override its own changes', () => {
    const words = ['treatment.preStop=none', 'neither.preStop=7'];
    assert.deepEqual(sleeps(words, 'treatment'), {});
    assert.deepEqual(sleeps(words, 'neither'), sleep(7));
    assert.deepEqual(sleeps(words, 'readiness-only'), {});
  });

  it('are part of the description of the arm that they change', () => {
    assert.equal(armOf(['treatment.preStop=none'], 'treatment').says, 'no preStop hook');
    assert.equal(armOf(['treatment.startDelay=9'], 'treatment').says, 'listens 9 s after it starts');
    assert.equal(armOf(['treatment.busyWorkers=2'], 'treatment').says, '2 busy workers');
    assert.equal(
      armOf(['treatment.preStop=none'], 'control').says,
      'readiness probe (GET /ready on 8080 every 1 s, 1 failure is enough), preStop sleep 5 s',
    );
    const alone = planned([], ['treatment']).arms.map(({ says }) => says);
    assert.deepEqual(alone, ['the workload as it is']);
  });

  it('add and remove a disruption budget', () => {
    const budgets = (word: string) => armOf([word], 'treatment').workload.facts.budget;
    assert.deepEqual(budgets('budget=minAvailable:2'), [{ minAvailable: 2 }]);
    assert.deepEqual(budgets('budget=maxUnavailable:30%'), [{ maxUnavailable: '30%' }]);
    const both = ['budget=minAvailable:2', 'treatment.budget=none'];
    assert.deepEqual(armOf(both, 'treatment').workload.facts.budget, []);
  });

  it('change the traffic', () => {
    assert.equal(armOf(['rate=50'], 'control').traffic?.freshPerSecond, 50);
    const { arms } = planned(['rate=50', 'timeout=5', 'trafficFrom=worker']);
    for (const { traffic } of arms)
      assert.deepEqual(traffic, { freshPerSecond: 50, keptAlivePerSecond: 60, timeoutMs: 5000, from: 'worker' });
  });

  const probe = { httpGet: { path: '/health', port: 8080 }, periodSeconds: 1, failureThreshold: 1 };
  /** Every setting: a word, and what it changes. */
  const changes: { readonly [word: string]: object } = {
    'replicas=4': { replicas: 4 },
    'strategy=RollingUpdate:2/25%': {
      strategy: { type: 'RollingUpdate', maxSurge: 2, maxUnavailable: '25%' },
    },
    'minReadySeconds=6': { minReadySeconds: 6 },
    'readiness=http:8080/health': { readiness: { server: probe } },
    'liveness=http:8080/health': { liveness: { server: probe } },
    'startup=http:8080/health': { startup: { server: probe } },
    'preStop=7': { preStop: sleep(7) },
    'grace=9': { grace: 9 },
    'stopSignal=SIGQUIT': { stopSignal: { server: 'SIGQUIT' } },
    'budget=minAvailable:1': { budget: [{ minAvailable: 1 }] },
    'antiAffinity=required:rack': { antiAffinity: [{ strength: 'required', over: 'rack' }] },
    'priority=high': { priority: 'high' },
    'resources={"limits":{"memory":"1Gi"}}': {
      resources: { server: { limits: { memory: '1Gi' }, requests: { memory: '1Gi' } } },
    },
    'topologySpread=zone': {
      topologySpread: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' }],
    },
    'startDelay=4': { startDelayMs: 4000 },
    'readyDelay=6': { readyDelayMs: 6000 },
    'requestsPerConnection=50': { requestsPerConnection: 50 },
    'drain=exit': { drain: 'exit' },
    'work=30': { workMs: 30 },
    'dependency=on': { dependency: true },
    'scheduler=no-spread': { scheduler: 'no-spread' },
    'busyWorkers=2': { busyWorkers: 2 },
    'rate=120': { freshPerSecond: 120 },
    'keptAliveRate=90': { keptAlivePerSecond: 90 },
    'timeout=3': { timeoutMs: 3000 },
    'trafficFrom=worker': { from: 'worker' },
  };

  it('change what each is named for, and nothing else', () => {
    const settingsOf = (words: readonly string[]) => {
      const { workload, lab, traffic } = armOf(words, 'treatment');
      const options = Object.entries(workload.options).map(([option, { value }]) => [option, value]);
      return { ...workload.facts, ...Object.fromEntries(options), ...lab, ...traffic };
    };
    const before = settingsOf([]);
    for (const [word, change] of Object.entries(changes)) {
      assert.notDeepEqual(settingsOf([word]), before, word);
      assert.deepEqual(settingsOf([word]), { ...before, ...change }, word);
    }
    const tested = new Set(Object.keys(changes).map((word) => word.split('=')[0]));
    for (const key of settingKeys) assert.ok(tested.has(key), key);
  });

  for (const [word, says] of [
    ['preStop', /expected key=value/],
    ['=5', /expected key=value/],
    ['strategy=RollingUpdate:25%x/0', /--set strategy=RollingUpdate:25%x\/0: expected none or /],
    ['strategy=RollingUpdate:1000%/0', /expected none or /],
    ['replicas=0', /whole number from 1 to 20/],
    ['replicas=1.5', /whole number from 1 to 20/],
    ['preStop=soon', /--set preStop=soon: expected none or a sleep as a whole number/],
    ['rate=5000', /whole number from 10 to 200/],
    ['readiness=yes', /--set readiness=yes: expected none or /],
    ['dependency=yes', /--set dependency=yes: expected on, off/],
    ['scheduler=mine', /expected one of default-scheduler, no-spread/],
    ['drain=fast', /graceful, exit, ignore/],
    ['prestop=1', /unknown setting prestop\. Settings: replicas/],
    ['__proto__=1', /unknown setting __proto__/],
    ['treated.preStop=1', /no arm treated\. Arms: control/],
    ['budget=2', /--set budget=2: expected none or .*minAvailable:2/],
    ['strategy=RollingUpdate:half%/1', /expected none or /],
    ['antiAffinity=yes', /expected none or .*required/],
    ['constructor=1', /unknown setting constructor/],
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
});
