import assert from 'node:assert/strict';
import type { ClusterInfo } from '../../model/cluster.ts';
import { now, sleep } from '../../sys/clock.ts';
import type { Lab } from '../lab/lab.ts';
import { observeNodeClocks } from './clock-offsets.ts';

const host = Promise.resolve('the-host\n');
const { signal } = new AbortController();

/** Nodes by the offsets of their clocks in ms. Nodes on the kernel of the host have none. Commands are logged. */
function labOf(ahead: { readonly [node: string]: number | undefined }, answersAfterMs = 4) {
  const commands: string[] = [];
  const onNode: Lab['onNode'] = async (node, command) => {
    commands.push(`${node}: ${command.join(' ')}`);
    const own = ahead[node];
    if (command[0] === 'cat')
      return { stdout: own === undefined ? 'the-host\n' : `${node}\n`, stderr: '', exitCode: 0 };
    await sleep(answersAfterMs / 2);
    const stdout = `${(now() + (own ?? 0) * 1000) * 1000}\n`;
    await sleep(answersAfterMs / 2);
    return { stdout, stderr: '', exitCode: 0 };
  };
  const info = { nodes: Object.keys(ahead).map((name) => ({ name })) } as unknown as ClusterInfo;
  return { lab: { info, onNode }, commands, ahead };
}

const within = (measured: number, errorMicros: number, trueMs: number) =>
  assert.ok(Math.abs(measured - trueMs * 1000) <= errorMicros, `${measured} ± ${errorMicros}, truly ${trueMs} ms`);

describe('the clocks of nodes', () => {
  it('are not measured if the node runs on the kernel of the host', async () => {
    const { lab, commands } = labOf({ w1: undefined, w2: undefined });
    const clocks = await (await observeNodeClocks(lab, signal, host)).measured(signal);
    assert.deepEqual(clocks, [
      { node: 'w1', offsetMicros: 0, errorMicros: 0 },
      { node: 'w2', offsetMicros: 0, errorMicros: 0 },
    ]);
    assert.ok(commands.every((command) => /cat .*boot_id$/.test(command)));
  });

  it('are otherwise read between two readings of ours, with the error of the fastest answer', async () => {
    const { lab } = labOf({ w1: undefined, w2: 3000, w3: -150 });
    const began = performance.now();
    const [, ahead, behind] = await (await observeNodeClocks(lab, signal, host)).measured(signal);
    const tookMicros = (performance.now() - began) * 1000;
    for (const [clock, trueMs] of [
      [ahead, 3000],
      [behind, -150],
    ] as const) {
      assert.ok(clock && clock.errorMicros >= 2000 && clock.errorMicros < tookMicros);
      within(clock.offsetMicros, clock.errorMicros, trueMs);
    }
  });

  it('may be slewed in between: the error covers both readings', async () => {
    const truth: { [node: string]: number } = { w1: 100 };
    const { lab } = labOf(truth);
    const observed = await observeNodeClocks(lab, signal, host);
    truth.w1 = 160;
    const [clock] = await observed.measured(signal);
    assert.ok(clock && clock.errorMicros >= 30_000);
    for (const trueMs of [100, 130, 160]) within(clock.offsetMicros, clock.errorMicros, trueMs);
  });

  it('are unknown for a node that does not answer or prints no time, and a node that is off at the end keeps its first reading', async () => {
    const { lab } = labOf({ w1: 20, w2: 20, w3: 20 });
    let isOff = false;
    const onNode: Lab['onNode'] = async (node, command, options) => {
      if (node === 'w1' || (node === 'w3' && isOff)) throw new Error('it is off');
      const answer = await lab.onNode(node, command, options);
      return node === 'w2' && command[0] === 'date' ? { ...answer, stdout: 'soon' } : answer;
    };
    const observed = await observeNodeClocks({ ...lab, onNode }, signal, host);
    isOff = true;
    const clocks = await observed.measured(signal);
    assert.deepEqual(
      clocks.map(({ node }) => node),
      ['w3'],
    );
  });

  it('are not waited for after an abort', async () => {
    const { lab } = labOf({ w1: 20 });
    const stopping = new AbortController();
    const onNode: Lab['onNode'] = async () => {
      stopping.abort(new Error('stopped'));
      throw new Error('killed');
    };
    await assert.rejects(observeNodeClocks({ ...lab, onNode }, stopping.signal, host), /stopped/);
  });
});
