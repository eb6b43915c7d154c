import assert from 'node:assert/strict';
import Mocha from 'mocha';
import type { ArmFindings, RunFindings } from '../model/finding.ts';
import type { ExperimentPlan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import type { RunSession } from '../run/session.ts';
import { experimentSuite } from './experiment-suite.ts';

const plan = {
  name: 'drain',
  title: 'a drain',
  arms: [
    { name: 'control', says: 'no drain' },
    { name: 'treatment', says: 'budget' },
  ],
} as unknown as ExperimentPlan;

/** Runs the suite with a session whose arms get these verdicts. An Error breaks its arm. */
async function outcome(verdicts: { readonly [arm: string]: Verdict | Error }, whole: Verdict): Promise<string[]> {
  const session = {
    folder: 'runs/1',
    arms: plan.arms.map((arm) => ({ arm, experiment: { name: plan.name } })),
    async record({ arm }: { arm: { name: string } }) {
      const verdict = verdicts[arm.name];
      if (verdict instanceof Error) throw verdict;
      return { verdict, measured: `${arm.name} measured` } as ArmFindings;
    },
    async finish() {
      return { experiments: [{ name: plan.name, verdict: whole, sentence: 'so it is' }] } as unknown as RunFindings;
    },
  } as unknown as RunSession;

  const mocha = new Mocha({ forbidPending: true, failZero: true });
  const { describe: outerDescribe, it: outerIt } = globalThis;
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  experimentSuite(plan, async () => session);
  Object.assign(globalThis, { describe: outerDescribe, it: outerIt });
  const said: string[] = [];
  const base = Mocha.reporters.Base;
  mocha.reporter(
    class extends base {
      constructor(runner: Mocha.Runner) {
        super(runner);
        runner.on('pass', ({ title }) => said.push(`pass ${title}`));
        runner.on('fail', ({ title }, error: Error) => said.push(`fail ${title}: ${error.message.split('\n')[0]}`));
      }
      override done(failures: number, end?: (failures: number) => void) {
        end?.(failures);
      }
    },
  );
  await new Promise((resolve) => mocha.run(resolve));
  return said;
}

describe('an experiment as a mocha suite', () => {
  it('has one test per arm and one for the whole experiment', async () => {
    assert.deepEqual(await outcome({ control: 'pass', treatment: 'pass' }, 'pass'), [
      'pass control: no drain, as declared',
      'pass treatment: budget, as declared',
      'pass the experiment passes',
    ]);
  });

  it('fails an inconclusive arm', async () => {
    assert.deepEqual(await outcome({ control: 'pass', treatment: 'inconclusive' }, 'inconclusive'), [
      'pass control: no drain, as declared',
      'fail treatment: budget, as declared: inconclusive: treatment measured',
      'fail the experiment passes: inconclusive: so it is',
    ]);
  });

  it('runs no arm after a broken one, and fails the remaining tests', async () => {
    assert.deepEqual(await outcome({ control: new Error('engine gone'), treatment: 'pass' }, 'error'), [
      'fail control: no drain, as declared: engine gone',
      'fail treatment: budget, as declared: not run: an earlier arm broke',
      'fail the experiment passes: error: so it is',
    ]);
  });
});
