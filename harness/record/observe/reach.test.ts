import assert from 'node:assert/strict';
import type { Lab } from '../lab/lab.ts';
import { watchReach } from './reach.ts';
import type { Recorder } from './recorder.ts';

describe('probes of pods', () => {
  it('are recorded with their time, for each address that was asked; 000 is no answer', async () => {
    const stopping = new AbortController();
    const recorded: unknown[] = [];
    const recorder = { record: (...event: readonly unknown[]) => void recorded.push(event) } as unknown as Recorder;
    const asked: string[] = [];
    const onNode: Lab['onNode'] = async (node, command) => {
      asked.push(`${node}: ${command.filter((each) => each.startsWith('http:')).join(' ')}`);
      stopping.abort();
      const lines = [
        'http://10.244.1.5:8080/ready 200 0.012000',
        'http://10.244.1.6:8080/ready 000 5.001000',
        'http://10.244.1.7:8080/ready 200 0.001000',
        'curl: (28) timed out',
      ];
      return { stdout: `${lines.join('\n')}\n`, stderr: '', exitCode: 0 };
    };
    const targets = [
      { about: 'dependency', address: '10.244.1.5:8080' },
      { about: { kind: 'Pod', namespace: 'a', name: 'web-1' }, address: '10.244.1.6:8080' },
    ];
    const lab = { onNode, generator: { name: 'control-plane' } } as unknown as Lab;
    await watchReach(lab, () => targets, recorder, stopping.signal).ended;
    assert.deepEqual(asked, ['control-plane: http://10.244.1.5:8080/ready http://10.244.1.6:8080/ready']);
    assert.deepEqual(recorded, [
      ['reach', 'answer', 'dependency', { answered: true, ms: 12 }],
      ['reach', 'answer', targets[1]?.about, { answered: false, ms: 5001 }],
    ]);
  });
});
