import assert from 'node:assert/strict';
import type { Request } from '../../../model/request.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import { Identities } from '../../evidence/identities.ts';
import { Timeline } from '../../timeline/timeline.ts';
import { identitiesAgree } from './identities.ts';

/** What differs between the destinations of requests and the target that their generator names. */
function differ(target: string, ...destinations: readonly string[]): string[] {
  const identities = new Identities();
  for (const [index, dst] of destinations.entries())
    identities.see({ id: `fresh-${index}`, start: index, dst, pod: '' } as Request);
  const generators = [{ gen: 'fresh', header: { target }, identities }];
  return identitiesAgree({ generators, timeline: new Timeline() } as unknown as ArmEvidence).map(({ text }) => text);
}

describe('the destination of requests', () => {
  it('is the target of their generator', () => {
    assert.deepEqual(differ('http://10.96.0.7:80/', '10.96.0.7:80'), []);
    assert.deepEqual(differ('http://10.96.0.7/', '10.96.0.7:80'), []);
    assert.deepEqual(differ('http://[fd00::7]:8080/', '[fd00::7]:8080'), []);
    const other = ['fresh: sent to 10.96.0.8:80, but its target is 10.96.0.7:80'];
    assert.deepEqual(differ('http://10.96.0.7:80/', '10.96.0.8:80'), other);
    assert.deepEqual(differ('http://10.96.0.7/', '10.96.0.7:81'), [
      'fresh: sent to 10.96.0.7:81, but its target is 10.96.0.7:80',
    ]);
  });

  it('is unknown if the target is a name', () => assert.deepEqual(differ('http://web/', '10.96.0.8:80'), []));

  it('is the same for all of them', () =>
    assert.deepEqual(differ('http://web/', '10.96.0.7:80', '', '10.96.0.8:80'), [
      'fresh-2: sent to 10.96.0.8:80, other requests to 10.96.0.7:80',
    ]));
});
