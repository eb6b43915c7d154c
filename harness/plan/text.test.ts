import assert from 'node:assert/strict';
import rollingUpdate from '../../experiments/rolling-update.ts';
import type { Disruption, FaultSpec } from '../model/experiment.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import { type PlanChoices, planExperiment } from './plan.ts';
import { parseSettings } from './settings.ts';
import { planText } from './text.ts';

const describeFault = ({ name }: FaultSpec) => ({
  does: `does ${name}`,
  standsFor: 'a release',
  undone: 'not at all',
});

const planned = (choices: Partial<PlanChoices>) =>
  planExperiment(rollingUpdate, { seed: 'a', settings: {}, arms: [], allArms: false, ...choices });

/** What the plan says, by the word that each line begins with; the last arm wins. */
const topics = (plan: ExperimentPlan): { readonly [topic: string]: string } =>
  Object.fromEntries(
    [...planText('a', [plan], describeFault).matchAll(/^ {4,}(\S+(?: for)?) {2,}(\S.*)$/gm)].map(
      ([, topic = '', rest = '']) => [topic, rest],
    ),
  );
const told = (words: readonly string[], arm: string) =>
  topics(planned({ settings: parseSettings(words), arms: [arm] }));

describe('the text of a plan', () => {
  it('prints every guarantee that an arm has', () =>
    assert.equal(
      told(
        [
          'readyDelay=2',
          'requestsPerConnection=50',
          'work=200',
          'drain=exit',
          'budget=minAvailable:2',
          'antiAffinity=required:zone',
          'strategy=Recreate',
          'scheduler=no-spread',
          'busyWorkers=2',
          'dependency=on',
        ],
        'treatment',
      ).workload,
      '3 replicas, readiness probe, preStop sleep 5 s, grace 30 s, listens 3 s after it starts, ' +
        'ready 2 s after it listens, 50 requests a connection, works 200 ms on each request, exits at once on SIGTERM, ' +
        'disruption budget minAvailable 2, required anti-affinity by zone, strategy Recreate, ' +
        'scheduler profile no-spread, 2 busy workers, depends on another Deployment',
    ));

  it('prints every guarantee that an arm lacks', () =>
    assert.equal(
      told([], 'neither').workload,
      '3 replicas, no readiness probe, no preStop sleep, grace 30 s, listens 3 s after it starts, ' +
        'no disruption budget, no anti-affinity, maxSurge 1, maxUnavailable 0',
    ));

  it('prints the traffic, the disruptions and the length of each phase', () => {
    const { traffic, phases, when, undone, expects, runs, 'stands for': standsFor } = told(['rate=50'], 'treatment');
    assert.equal(traffic, '50/s on fresh connections, 60/s on kept-alive ones, 2 s time-out, from the control plane');
    assert.match(told(['trafficFrom=worker'], 'treatment').traffic ?? '', / from a worker$/);
    assert.equal(phases, 'warm-up 8 s, baseline 8 s, fault at least 12 s, tail 6 s');
    assert.equal(when, '0 s into the fault phase; held until it has taken effect; time limit 120 s');
    assert.equal(standsFor, 'a release');
    assert.equal(undone, 'not at all');
    assert.match(expects ?? '', /^no .*; .*0\.5 s/);
    assert.equal(runs, 'once, as run 1 of 1');
    assert.equal(told([], 'control').fault, 'none');
  });

  it('prints when each disruption begins and how long it is held', () => {
    const fault = { name: 'drain', params: {} };
    const atOnce = { atMs: 0 };
    const disruptions: readonly (readonly [string, Omit<Disruption, 'id' | 'fault' | 'limitMs'>])[] = [
      ['2 s into the fault phase; held until it has taken effect', { when: { atMs: 2000 } }],
      [
        '1 s after other was observed to take effect; held until 3 s after other was undone',
        {
          when: { after: 'other', event: 'landed', delayMs: 1000 },
          until: { after: 'other', event: 'healed', delayMs: 3000 },
        },
      ],
      [
        '1 s after no more than 2 endpoints are ready; held for 5 s after it has taken effect',
        { when: { readyAtMost: 2, delayMs: 1000 }, until: { ms: 5000 } },
      ],
      [
        '0 s into the fault phase; held until 3 endpoints are ready again',
        { when: atOnce, until: { readyAtLeast: 3 } },
      ],
    ];
    const plan = planned({ arms: ['treatment'] });
    for (const [words, its] of disruptions) {
      const arms = plan.arms.map((arm) => ({ ...arm, disruptions: [{ id: 'it', fault, limitMs: 9000, ...its }] }));
      assert.equal(topics({ ...plan, arms }).when, `${words}; time limit 9 s`);
    }
  });

  it('describes a repeated arm only once, with all its runs', () => {
    const repeated = planned({ repeat: 3, arms: ['treatment'] });
    assert.equal(topics(repeated).runs, '3 times, as run 1, 2, 3 of 3');
    assert.match(topics(repeated).in ?? '', /^namespace \S+ \(one for each run\), deleted afterwards$/);
    assert.equal(topics(planned({ repeat: 11, arms: ['treatment'] })).runs, '11 times, as run 1 and later of 11');
    assert.match(topics(planned({ repeat: 10, arms: ['treatment'] })).runs ?? '', /^10 times, as run 1, .*, 10 of 10$/);
    const text = planText('a', [repeated], describeFault);
    assert.equal([...text.matchAll(/^ {2}treatment/gm)].length, 1);
    assert.doesNotMatch(text, /differs/);
  });

  it('prints only for treatments what their repeats must show', () => {
    const until = { confidence: 0.75, share: 0.5 };
    assert.match(
      topics(planned({ until, arms: ['treatment'] })).runs ?? '',
      /^at most 2 times, until it is 75 % sure /,
    );
    const both = planText('a', [planned({ until, arms: ['treatment', 'neither'] })], describeFault);
    assert.equal([...both.matchAll(/at most 2 times/g)].length, 1);
    assert.match(both, /^ {4}runs {6}once, as run \d of 3$/m);
  });
});
