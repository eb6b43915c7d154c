import assert from 'node:assert/strict';
import { FakeKube } from '../../sys/testing/kube.ts';
import { crashLoop } from './crash-loop.ts';
import type { LabContext } from './fault.ts';

/** The id of the container after so many restarts. */
const idOf = (restarts: number): string => String(restarts).padStart(64, '0');

describe('a crash loop', () => {
  it('kills the container that it planned, and then each that the kubelet started', async () => {
    const kube = new FakeKube();
    const killed: string[] = [];
    const start = (restartCount: number) => {
      const state = { running: {} };
      const status = {
        containerStatuses: [{ name: 'web', containerID: `containerd://${idOf(restartCount)}`, restartCount, state }],
      };
      const pod = {
        metadata: { name: 'web-1', namespace: 'a' },
        spec: { nodeName: 'w1', containers: [{ name: 'web' }] },
      };
      kube.objects.set('Pod/a/web-1', { apiVersion: 'v1', kind: 'Pod', ...pod, ...{ status } });
    };
    const onNode = async (node: string, command: readonly string[]) => {
      killed.push(`${node} ${command.at(-1)}`);
      start(4 + killed.length);
      return { stdout: '', stderr: '', exitCode: 0 };
    };
    start(4);
    const context = {
      lab: { onNode },
      kube,
      namespace: 'a',
      signal: AbortSignal.timeout(5000),
    } as unknown as LabContext;
    const pod = { name: 'web-1', node: 'w1', container: idOf(4), restarts: 4 };
    await crashLoop.fault.inject(context, { pod, crashes: 3 } as Parameters<typeof crashLoop.fault.inject>[1]);
    assert.deepEqual(
      killed,
      [4, 5, 6].map((restarts) => `w1 ${idOf(restarts)}`),
    );
  });
});
