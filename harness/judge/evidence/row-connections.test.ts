import assert from 'node:assert/strict';
import { type Request, type RequestsHeader, requestFields } from '../../model/request.ts';
import { answered } from '../../testing/worlds/one-of-each.ts';
import { RowConnections } from './row-connections.ts';

const row = (change: Partial<Request>): Request =>
  answered({ gen: 'kept', conn: 'kept-alive', id: 'kept-0', connection: 1, sport: 2000, ...change });
const again = { reused: true };

function seen(rows: readonly Partial<Request>[], fields: readonly string[] = requestFields): RowConnections {
  const connections = new RowConnections();
  for (const change of rows) connections.see(row(change), { fields } as RequestsHeader);
  return connections;
}

describe('rows with the same connection id', () => {
  const amiss = (...rows: readonly Partial<Request>[]) => seen(rows).amiss?.text;

  it('have the same port and destination', () => {
    assert.equal(amiss({}, again, { connection: 2, sport: 2001 }, { ...again, connection: 2, sport: 2001 }), undefined);
    assert.equal(
      amiss({}, { ...again, id: 'kept-1', sport: 2001 }),
      'kept-1: connection 1 from port 2001 to 10.96.0.1:80, before from port 2000 to 10.96.0.1:80',
    );
    assert.match(amiss({}, { ...again, dst: '10.96.0.2:80' }) ?? '', /port 2000 to 10\.96\.0\.2:80, before/);
  });

  it('include exactly one that opened the connection', () => {
    assert.equal(amiss({}, { id: 'kept-1' }), 'kept-1: connection 1 was opened twice');
    const used = seen([{ ...again, id: 'kept-7' }, again]);
    assert.equal(used.unopened(() => false)?.text, 'kept-7: reused a connection that no row had opened');
    assert.equal(used.unopened(() => false)?.count, 1);
    assert.equal(
      used.unopened((sport) => sport === 2000),
      undefined,
    );
  });

  it('have a connection id if they have a port or were answered', () => {
    assert.equal(amiss({ connection: 0, sport: 0, code: 1213 }), undefined);
    assert.equal(amiss({ connection: 0 }), 'kept-0: connection 0 from port 2000');
    assert.equal(amiss({ connection: 3, sport: 0 }), 'kept-0: connection 3 from port 0');
    assert.equal(amiss({ connection: 0, sport: 0 }), 'kept-0: connection 0 from port 0');
    assert.equal(amiss({ connection: -1 }), 'kept-0: connection -1 from port 2000');
    assert.equal(amiss({ connection: 2 ** 40 }), `kept-0: connection ${2 ** 40}, which is too large (rows: 1)`);
  });

  it('are not checked if the rows have no connection ids', () =>
    assert.equal(
      seen(
        [{}, {}],
        requestFields.filter((field) => field !== 'connection'),
      ).amiss,
      undefined,
    ));
});
