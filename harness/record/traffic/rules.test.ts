import assert from 'node:assert/strict';
import { linesOfServices } from './rules.ts';

const stamp = '1795562791.934678 timeout[9893]:';

describe('the rules of the client’s node', () => {
  it('are kept with the chains that they stand in, and nothing else is', () => {
    const kept = [
      `${stamp} \tchain KUBE-SVC-WEB {`,
      `${stamp} \t\t counter packets 0 bytes 0 jump KUBE-SEP-ONE`,
      `${stamp} \t}`,
      `${stamp} \tchain KUBE-SEP-ONE {`,
      `${stamp} \t\tip protocol tcp  meta l4proto tcp counter packets 0 bytes 0 dnat to 10.244.2.5:8080`,
      `${stamp} add rule ip nat KUBE-SERVICES ip daddr 10.96.0.7 ip protocol tcp  tcp dport 80 jump KUBE-SVC-WEB`,
      `${stamp} delete rule ip nat KUBE-SVC-WEB handle 12`,
    ];
    const others = [
      `${stamp} table ip nat {`,
      `${stamp} \tchain DOCKER_OUTPUT {`,
      `${stamp} add rule ip filter KUBE-FORWARD ct state related,established accept`,
      `${stamp} delete rule ip nat KUBE-MARK-MASQ handle 3`,
      '',
    ];
    assert.deepEqual(linesOfServices([...kept, ...others].join('\n'), 'iptables'), kept);
  });
});
