import assert from 'node:assert/strict';
import { withoutForward } from './dns.ts';

const corefile = `.:53 {
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       ttl 30
    }
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30
}
`;

describe('withoutForward', () => {
  it('removes the block, and nothing else', () => {
    assert.equal(
      withoutForward(corefile),
      `.:53 {
    errors
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       ttl 30
    }
    cache 30
}
`,
    );
  });

  it('removes it if it is one line', () => {
    assert.equal(withoutForward('.:53 {\n  forward . 1.2.3.4\n  loop\n}\n'), '.:53 {\n  loop\n}\n');
  });

  it('does not change a Corefile without it', () => {
    const closed = withoutForward(corefile);
    assert.equal(withoutForward(closed), closed);
  });
});
