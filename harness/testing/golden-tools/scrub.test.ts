import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checkoutDir } from '../../sys/paths.ts';
import { assertLinear } from '../../sys/testing/linear.ts';
import { Scrubber } from './scrub.ts';

const scrubbed = (text: string): string => new Scrubber([]).text(text);

describe('scrubbing', () => {
  it('keeps addresses, names and files of the lab', () => {
    for (const text of [
      'src=10.244.1.7 dst=10.96.0.10 sport=49334 dport=80',
      'dial tcp 127.0.0.1:8080: connection refused',
      'lookup web.shop.svc.cluster.local on [::1]:53',
      'node.kubernetes.io/unreachable:NoExecute node-role.kubernetes.io/control-plane',
      '{"schema":"holdfast.requests/2","clock":"2026-11-18T11:20:00.123Z"}',
      'v1.37.2 1.7.24 20.10.24+dfsg1',
      'events.ndjson.gz: at 11:20:00.123. Then it ended.',
      '-A KUBE-SEP-X -s 10.244.1.3/32 -j KUBE-MARK-MASQ',
    ])
      assert.equal(scrubbed(text), text);
  });

  it('replaces equal names with equal names', () => {
    const scrubber = new Scrubber([]);
    const [one, other, again] = ['172.16.0.1', '172.16.0.2', '172.16.0.1'].map((address) => scrubber.text(address));
    assert.equal(one, again);
    assert.notEqual(one, other);
    assert.equal(scrubber.text('A.corp.example a.corp.example'), 'host-1.invalid host-1.invalid');
  });

  it("takes time that grows with a line's length, not with the square of its length", () => {
    for (const piece of ['a', 'a.', '1.', '1:', 'a-', '/tmp', 'a@', '::', 'f:', 'a@b.'])
      assertLinear(piece, (text) => new Scrubber([]).line(text, 'x:1'));
  });

  it('accepts every line of a golden recording', () => {
    const files = globSync('harness/testing/golden/{rolling-update-pass,compound-outage}/**/*.{json,ndjson.gz}', {
      cwd: checkoutDir(),
    });
    assert.ok(files.length > 20, `${files.length} files`);
    const scrubber = new Scrubber([]);
    for (const file of files) {
      const bytes = readFileSync(join(checkoutDir(), file));
      const text = file.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
      for (const line of text.split('\n').filter((each) => !/^\[\d/.test(each))) scrubber.line(line, file);
    }
  });
});
