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
  it('prints every guarantee that an arm has, the options of its program and the conditions of its lab', () =>
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
      '3 replicas, readiness probe (GET /ready on 8080 every 1 s, 1 failure is enough), preStop sleep 5 s, grace 30 s, ' +
        'disruption budget minAvailable 2, required anti-affinity by zone, strategy Recreate, ' +
        'resources (requests cpu 50m, memory 64Mi; limits memory 256Mi), listens 3 s after it starts, ' +
        'ready 2 s after it listens, 50 requests a connection, exits at once on SIGTERM, ' +
        'works 200 ms on each request, depends on another Deployment, scheduler profile no-spread, 2 busy workers',
    ));

  it('prints every guarantee that an arm lacks', () => {
    const { workload, lacks } = told([], 'neither');
    assert.equal(
      workload,
      '3 replicas, grace 30 s, strategy RollingUpdate, maxSurge 1, maxUnavailable 0, ' +
        'resources (requests cpu 50m, memory 64Mi; limits memory 256Mi), listens 3 s after it starts',
    );
    assert.equal(
      lacks,
      'readiness probe, preStop hook, disruption budget, anti-affinity, minReadySeconds, liveness probe, ' +
        'startup probe, stop signal, topology spread, priority class',
    );
  });

  it('prints how the objects of an arm differ from those of the workload', () => {
    const lines = (arm: string) => {
      const text = planText('a', [planned({ arms: [arm] })], describeFault);
      return [...text.matchAll(/^(?: {4}diff {6}| {14})([-+] .*)$/gm)].map(([, line]) => line);
    };
    const server = 'Deployment web  spec.template.spec.containers[server]';
    const probe = '{ httpGet: { path: /ready, port: 8080 }, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1 }';
    assert.deepEqual(lines('neither'), [
      `- ${server}.readinessProbe: ${probe}`,
      `- ${server}.lifecycle: { preStop: { sleep: { seconds: 5 } } }`,
    ]);
    assert.deepEqual(lines('treatment'), []);
  });

  it('prints once what the lab changes in all arms, and for an arm what it changes there alone', () => {
    const plan = planned({ settings: parseSettings(['neither.scheduler=no-spread']) });
    const text = planText('a', [plan], describeFault);
    assert.match(
      text,
      /^rolling-update: .*\n {2}The lab changes these fields in every arm\. No check uses them\.\n {4}all objects {2}metadata\.namespace: /,
    );
    assert.equal([...text.matchAll(/metadata\.namespace/g)].length, 1);
    const alone = [...text.matchAll(/^ {4}lab {7}(.*)$/gm)].map(([, line]) => line);
    assert.deepEqual(alone, [
      'Deployment web  spec.template.spec.schedulerName: the arm chooses this profile of the scheduler',
    ]);
  });

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
