import assert from 'node:assert/strict';
import type { Request } from '../../model/request.ts';
import { answered } from '../../testing/worlds/one-of-each.ts';
import { Connections } from './connections.ts';

const service = '10.96.0.20';

const request = (sport: number, start: number, end = start + 3000): Request =>
  answered({ id: `fresh-${sport}`, seq: sport, start, end, sport, dst: `${service}:80` });

/** The connections after these NEW events of conntrack, with the answered requests that are known of them. */
function connections(
  entries: readonly (readonly [sport: number, at: number, endpointIp: string])[],
  answered: readonly Request[] = [],
): Connections {
  const all = new Connections(new Set(entries.map(([sport]) => sport)));
  const common = { event: 'new', src: '10.244.9.5', dst: service, endpointPort: 8080, unreplied: true } as const;
  for (const [sport, at, endpointIp] of entries) all.see({ ...common, at, sport, endpointIp });
  all.learnSources(answered);
  return all;
}

describe('connections', () => {
  it('without an endpoint are replaced by those of retransmitted packets', () => {
    const sent = request(1, 10e6, 12e6);
    const both = connections([
      [1, 10e6, service],
      [1, 11.9e6, '10.244.1.10'],
    ]);
    assert.equal(both.openedFor(sent)?.endpointIp, '10.244.1.10');
    assert.equal(connections([[1, 10e6, service]]).openedFor(sent)?.endpointIp, service);
    const several = connections([
      [1, 10e6, '10.244.1.11'],
      [1, 11.9e6, '10.244.1.10'],
    ]);
    assert.equal(several.openedFor(sent), undefined);
  });

  const end = { at: 10e6, event: 'destroy', src: '10.244.9.5', sport: 1, dst: service, unreplied: false } as const;
  const to = { endpointIp: '10.244.1.10', endpointPort: 8080 };

  it('are incomplete if one ended that never began from its address and port', () => {
    const ended = (...begun: { readonly src?: string; readonly sport?: number }[]): boolean => {
      const all = new Connections(new Set());
      for (const each of begun) all.see({ ...end, ...to, ...each, event: 'new' });
      all.see({ ...end, ...to });
      all.learnSources([]);
      return all.incomplete;
    };
    assert.equal(ended({}), false);
    assert.equal(ended({ src: '10.244.9.6' }, { sport: 2 }), true);
  });

  it('ended once for each time that they began', () => {
    const all = new Connections(new Set());
    for (const event of ['new', 'destroy', 'destroy'] as const) all.see({ ...end, ...to, event });
    all.learnSources([]);
    assert.equal(all.incomplete, true);
  });

  it('of many other clients are not followed', () => {
    const all = new Connections(new Set());
    for (let client = 0; client < 1024; client++) all.see({ ...end, ...to, src: `10.1.0.${client}`, event: 'new' });
    all.see({ ...end, ...to });
    all.see({ ...end, ...to, src: '10.1.0.0', sport: 2 ** 32 });
    all.learnSources([]);
    assert.equal(all.incomplete, false);
  });

  it('were read as late as those of answered requests at that time', () => {
    const answered = [request(1, 10e6), request(2, 20e6), request(3, 20.5e6)];
    const all = connections(
      [
        [1, 10.001e6, '10.244.1.10'],
        [2, 20.8e6, '10.244.1.10'],
        [3, 20.9e6, '10.244.1.10'],
      ],
      answered,
    );
    assert.equal(all.lateAround(10.5e6), 0.001e6);
    assert.equal(all.lateAround(21e6), 0.8e6);
    assert.equal(all.lateAround(60e6), 0.8e6, 'of another time the worst is taken');
    assert.equal(connections([[1, 10.9e6, '10.244.1.10']]).lateAround(10.9e6), 1e6, 'nothing tells');
  });
});
