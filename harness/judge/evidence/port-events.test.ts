import assert from 'node:assert/strict';
import type { ConntrackEvent } from '../../recording/conntrack.ts';
import { PortEvents } from './port-events.ts';

const event = (at: number, sport: number, changes: Partial<ConntrackEvent> = {}): ConntrackEvent => ({
  at,
  event: 'new',
  src: '10.244.1.5',
  sport,
  dst: '10.96.0.20',
  endpointIp: '10.244.2.10',
  endpointPort: 8080,
  unreplied: true,
  ...changes,
});

describe('the events of a source port', () => {
  const events = [
    event(1, 40_000),
    event(2, 40_001),
    event(3, 40_000, { event: 'destroy' }),
    event(4, 40_000, { endpointIp: '10.244.3.10', unreplied: false }),
  ];
  const kept = new PortEvents();
  for (const each of events) kept.add(each);

  it('are kept in the order in which they were added', () => {
    assert.deepEqual(
      kept.all(40_000, () => true),
      events.filter(({ sport }) => sport === 40_000),
    );
    assert.deepEqual(
      kept.all(40_002, () => true),
      [],
    );
  });

  it('are selected by their time and by their other fields', () => {
    assert.deepEqual(
      kept.all(40_000, (at, { event }) => at > 1 && event === 'new'),
      [events[3]],
    );
    assert.deepEqual(
      kept.last(40_000, (at) => at < 4),
      events[2],
    );
    assert.equal(
      kept.last(40_001, (_, { event }) => event === 'destroy'),
      undefined,
    );
  });
});
