import assert from 'node:assert/strict';
import { digestOf } from '../model/digest.ts';
import { experimentIdentity } from '../model/experiment-identity.ts';
import type { ArmFindings, RecordingOrigin } from '../model/finding.ts';
import type { ExperimentPlan, RunPlan } from '../model/plan.ts';
import { foreignRecordings } from './one-run.ts';

const experiment = { name: 'web', question: 'Does it?', arms: [] } as unknown as ExperimentPlan;
const lab = { proxyMode: 'iptables' };
const run = { run: 'run-1', lab } as RunPlan;
const here: RecordingOrigin = {
  run: 'run-1',
  experiment: experimentIdentity(experiment),
  cluster: 'uid-1',
  profile: digestOf(lab),
};
const arm = (name: string, origin?: RecordingOrigin) =>
  ({ name, recorded: { from: 0, to: 1, podUids: [], ...(origin && { origin }) } }) as unknown as ArmFindings;
const said = (...arms: ArmFindings[]) => foreignRecordings(run, experiment, arms);

describe('the arms of an experiment', () => {
  it('belong together if their recordings say so', () => assert.deepEqual(said(arm('a', here), arm('b', here)), []));

  it('are not checked if no recording names its run', () => assert.deepEqual(said(arm('a'), arm('b')), []));

  it('do not belong together if one recording names no run', () =>
    assert.deepEqual(said(arm('a', here), arm('b')), ['b does not name its run, but other arms do']));

  it('must be of one run, one experiment, one cluster and one lab profile', () =>
    assert.deepEqual(
      said(
        arm('a', here),
        arm('b', { ...here, run: 'run-2' }),
        arm('c', { ...here, experiment: 'web@0' }),
        arm('d', { ...here, cluster: 'uid-2' }),
        arm('e', { ...here, profile: '0' }),
      ),
      [
        'b was recorded in another run',
        'c was recorded in another experiment',
        'd was recorded on another cluster',
        'e was recorded in another lab profile',
      ],
    ));
});
