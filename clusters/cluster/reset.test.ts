import assert from 'node:assert/strict';
import { fingerprint } from '../../harness/model/fingerprint.ts';
import { forged, real } from '../../harness/sys/testing/certificates.ts';
import type { Nodes } from './node-shell.ts';
import { clearCluster } from './reset.ts';
import { sampleRecord } from './testing/sample-record.ts';

const sample = sampleRecord('lab');
const info = { ...sample, identity: { ...sample.identity, caSha256: fingerprint(real.cert) } };

/** The nodes of a cluster with this identity. `done` lists the commands that change something. */
function nodesWith({ uid = info.identity.kubeSystemUid, ca = real.cert }) {
  const done: string[] = [];
  const change = async (command: readonly string[]) => {
    done.push(command.join(' '));
    return '';
  };
  const nodes = {
    run: async (_: string, command: readonly string[]) => ({
      stdout: command[0] === 'cat' ? ca : await change(command),
    }),
    kubectl: async (args: readonly string[]) => (args[0] === 'get' ? '' : change(args)),
    kubectlJson: async ([, kind]: readonly string[]) => (kind === 'namespace' ? { metadata: { uid } } : { items: [] }),
  } as unknown as Nodes;
  return { nodes, done };
}

describe('clearing a cluster', () => {
  it('removes what runs left in the recorded cluster', async () => {
    const { nodes, done } = nodesWith({});
    await clearCluster(nodes, info);
    assert.ok(done.includes('delete priorityclasses --selector=holdfast.dev/run'), done.join('\n'));
    assert.equal(done.filter((command) => command.startsWith('find /evidence ')).length, info.nodes.length);
  });

  for (const [what, other] of [
    ['kube-system', { uid: 'another' }],
    ['certificate authority', { ca: forged.cert }],
  ] as const)
    it(`changes nothing in a cluster with another ${what}`, async () => {
      const { nodes, done } = nodesWith(other);
      await assert.rejects(clearCluster(nodes, info), /cluster lab is not the recorded one/);
      assert.deepEqual(done, []);
    });
});
