import assert from 'node:assert/strict';
import rollingUpdate from '../../experiments/rolling-update.ts';
import { planExperiment } from './plan.ts';
import { parseSettings } from './settings.ts';
import { planText } from './text.ts';

/** What the plan says of an arm, by the word that each line begins with. */
function told(words: readonly string[], name: string): { readonly [topic: string]: string } {
  const plan = planExperiment(rollingUpdate, {
    seed: 'a',
    settings: parseSettings(words),
    arms: [name],
    allArms: false,
  });
  const text = planText('a', [plan], ({ name: fault }) => ({
    does: `does ${fault}`,
    faithfulTo: 'a release',
    undone: 'not at all',
  }));
  return Object.fromEntries(
    [...text.matchAll(/^ {4,}(\S+(?: for)?) {2,}(\S.*)$/gm)].map(([, topic = '', rest = '']) => [topic, rest]),
  );
}

describe('the text of a plan', () => {
  it('names every guarantee that an arm has', () =>
    assert.equal(
      told(
        [
          'readyDelay=2',
          'requestsPerConnection=50',
          'budget=minAvailable:2',
          'antiAffinity=required',
          'antiAffinityOver=zone',
          'strategy=Recreate',
          'scheduler=no-spread',
          'busyWorkers=2',
          'dependency=on',
        ],
        'treatment',
      ).workload,
      '3 replicas, readiness probe, preStop sleep 5 s, grace 30 s, listens 3 s after it starts, ready 2 s later, ' +
        '50 requests a connection, disruption budget minAvailable 2, required anti-affinity by zone, strategy Recreate, ' +
        'scheduler profile no-spread, 2 busy workers, depends on another Deployment',
    ));

  it('names every guarantee that an arm lacks', () =>
    assert.equal(
      told([], 'neither').workload,
      '3 replicas, no readiness probe, no preStop sleep, grace 30 s, listens 3 s after it starts, ' +
        'no disruption budget, no anti-affinity',
    ));

  it('says what is sent from where, what is done when, and how long each phase lasts', () => {
    const { traffic, phases, when, undone, expects, runs, 'stands for': faithfulTo } = told(['rate=50'], 'treatment');
    assert.equal(traffic, '50/s on fresh connections, 60/s on kept-alive ones, 2 s time-out, from the control plane');
    assert.match(told(['trafficFrom=worker'], 'treatment').traffic ?? '', / from a worker$/);
    assert.equal(phases, 'warm-up 8 s, baseline 8 s, fault at least 12 s, tail 6 s');
    assert.equal(when, '0 s into the fault phase; held until it has taken effect; time limit 120 s');
    assert.equal(faithfulTo, 'a release');
    assert.equal(undone, 'not at all');
    assert.match(expects ?? '', /^no .*; .*0\.5 s/);
    assert.equal(runs, 'once, as run 1 of 1');
    assert.equal(told([], 'control').fault, 'none');
  });
});
