import assert from 'node:assert/strict';
import type { ArmExposure, ArmFindings } from '../../harness/model/finding.ts';
import { exposureOfTreatments } from './exposure.ts';

const arm = (role: ArmFindings['role'], exposure?: ArmExposure): ArmFindings =>
  ({ role, ...(exposure && { exposure }) }) as ArmFindings;

const well = { pods: 3, exposed: 3, connections: 144, requests: 480, riskyMs: 3000 };

describe('exposure in words', () => {
  it('is the exposure of the treatment', () => {
    const words = exposureOfTreatments([
      arm('control'),
      arm('treatment', well),
      arm('unprotected', { ...well, pods: 9 }),
    ]);
    assert.equal(words, '3 of 3 pods, 144 kept-alive connections, 480 requests in 3.0 risky seconds');
  });

  it('is the exposure of the least exposed treatment', () => {
    const [less, least] = [
      { pods: 1, exposed: 1, connections: 1, requests: 1, riskyMs: 1004 },
      { pods: 3, exposed: 2, connections: 96, requests: 4800, riskyMs: 1000 },
    ];
    assert.equal(
      exposureOfTreatments([arm('treatment', well), arm('treatment', less)]),
      '1 of 1 pod, 1 kept-alive connection, 1 request in the risky second, in the least exposed of 2 treatments',
    );
    assert.match(exposureOfTreatments([arm('treatment', least), arm('treatment', less)]), /^2 of 3 pods, .* 4,800 /);
  });

  it('leaves out connections that were not planned, and values that were not measured', () => {
    const { connections: _, ...fresh } = well;
    assert.equal(exposureOfTreatments([arm('treatment', fresh)]), '3 of 3 pods, 480 requests in 3.0 risky seconds');
    assert.equal(exposureOfTreatments([arm('treatment')]), '');
  });
});
