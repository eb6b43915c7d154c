import assert from 'node:assert/strict';
import { addedLatencyAtMost, readyEndpointsAtLeast, recoversWithin, togetherAtMost } from '../../index.ts';
import { demandKey } from '../../model/demand-key.ts';
import { armJson } from '../../testing/worlds/arm-json.ts';
import { armSettings, syntheticArm, withFolder } from '../../testing/worlds/run-files.ts';
import { judgeArm } from '../judge.ts';

describe('a demand about a measured value', () => {
  it('is read from the plan of a recording and judged', async () => {
    const demands = [
      readyEndpointsAtLeast(3, 'serving'),
      readyEndpointsAtLeast(3, 'alive'),
      recoversWithin(1000),
      togetherAtMost(6, 'node'),
      togetherAtMost(3, 'zone'),
      addedLatencyAtMost({ percentile: 50, ms: 20 }),
    ];
    const { files, plan } = syntheticArm('treatment', armSettings.treatment, { seed: 5 });
    const asked = { ...files, 'arm.json': [armJson({ ...plan, demands })] };
    const { findings } = await withFolder(asked, judgeArm);
    const verdicts = demands.map(
      (demand) => findings.find(({ check, of }) => check === 'demand-met' && of === demandKey(demand))?.verdict,
    );
    assert.deepEqual(verdicts, ['pass', 'pass', 'pass', 'pass', 'inconclusive', 'pass']);
  });
});
