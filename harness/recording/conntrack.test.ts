import assert from 'node:assert/strict';
import { parseConntrackLine } from './conntrack.ts';

// Lines of conntrack 1.4.7: DNAT from 10.96.0.10:80 to 10.77.0.2:8080 and 10.77.0.3:8080, which had no listener.
const lines = {
  new: '[1795383179.044833]\t    [NEW] tcp      6 3 SYN_SENT src=10.77.0.1 dst=10.96.0.10 sport=49334 dport=80 [UNREPLIED] src=10.77.0.2 dst=10.77.0.1 sport=8080 dport=49334',
  refused:
    '[1795383179.057112]\t[DESTROY] tcp      6 3 CLOSE src=10.77.0.1 dst=10.96.0.10 sport=49336 dport=80 [UNREPLIED] src=10.77.0.3 dst=10.77.0.1 sport=8080 dport=49336',
  closed:
    '[1795383181.096001]\t[DESTROY] tcp      6 TIME_WAIT src=10.77.0.1 dst=10.96.0.10 sport=49334 dport=80 src=10.77.0.2 dst=10.77.0.1 sport=8080 dport=49334 [ASSURED]',
  deleted:
    '[1795383232.888129]\t[DESTROY] tcp      6 431997 ESTABLISHED src=10.77.0.1 dst=10.96.0.10 sport=38150 dport=80 src=10.77.0.2 dst=10.77.0.1 sport=8080 dport=38150 [ASSURED] [USERSPACE] portid=2923253352',
};

describe('conntrack', () => {
  it('reads the endpoint that a new connection was sent to', () => {
    assert.deepEqual(parseConntrackLine(lines.new), {
      at: 1795383179044833,
      event: 'new',
      src: '10.77.0.1',
      sport: 49334,
      dst: '10.96.0.10',
      endpointIp: '10.77.0.2',
      endpointPort: 8080,
      unreplied: true,
    });
  });

  it('reads the end of a connection, for every way to end', () => {
    const ends = [lines.refused, lines.closed, lines.deleted].map(parseConntrackLine);
    assert.deepEqual(
      ends.map((end) => [end?.event, end?.sport, end?.endpointIp, end?.unreplied]),
      [
        ['destroy', 49336, '10.77.0.3', true],
        ['destroy', 49334, '10.77.0.2', false],
        ['destroy', 38150, '10.77.0.2', false],
      ],
    );
  });

  it('reads the end of a connection whose packets and bytes the kernel counted', () => {
    const counted = (line: string) => line.replace(/(dport=\d+)/g, '$1 packets=6 bytes=512');
    for (const line of [lines.refused, lines.closed]) {
      assert.match(counted(line), /dport=80 packets=6 bytes=512 .*dport=\d+ packets=6 bytes=512/);
      assert.deepEqual(parseConntrackLine(counted(line)), parseConntrackLine(line));
    }
  });

  it('rejects a line that was cut off', () => {
    for (let length = 0; length < lines.new.lastIndexOf(' dport='); length++) {
      assert.equal(parseConntrackLine(lines.new.slice(0, length)), undefined);
    }
    assert.equal(parseConntrackLine('conntrack v1.4.7 (conntrack-tools): 8 flow events have been shown.'), undefined);
  });
});
