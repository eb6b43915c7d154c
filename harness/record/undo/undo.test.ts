import assert from 'node:assert/strict';
import { Undo } from './undo.ts';

describe('undo', () => {
  it('undoes last in, first out', async () => {
    const undo = new Undo();
    const order: string[] = [];
    for (const name of ['cluster', 'workload', 'fault']) undo.push(name, 1000, async () => void order.push(name));
    assert.deepEqual(await undo.unwind(), []);
    assert.deepEqual(order, ['fault', 'workload', 'cluster']);
  });

  it('continues after an error, and returns all errors', async () => {
    const undo = new Undo();
    let undone = false;
    undo.push('first', 1000, async () => {
      undone = true;
    });
    undo.push('second', 1000, () => Promise.reject(new Error('no such node')));
    undo.push('third', 1000, () => Promise.reject(new Error('refused')));
    const errors = await undo.unwind();
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['undo: third: refused', 'undo: second: no such node'],
    );
    assert.ok(undone);
  });

  it('gives each step a signal that aborts at its time limit', async () => {
    const undo = new Undo();
    undo.push(
      'waits for ever',
      10,
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const [error] = await undo.unwind();
    assert.match(error?.message ?? '', /waits for ever/);
  });

  it('continues after a step that ignores its signal', async () => {
    const undo = new Undo();
    let undone = false;
    undo.push('first', 1000, async () => {
      undone = true;
    });
    undo.push('hangs', 1, () => new Promise(() => {}));
    const [error] = await undo.unwind();
    assert.match(error?.message ?? '', /undo: hangs: timed out after 0.001 s/);
    assert.ok(undone);
  }).timeout(10_000);

  it('first undoes all consecutive steps that must return, then waits for them', async () => {
    const undo = new Undo();
    const order: string[] = [];
    const step = (words: string) => async () => void order.push(words);
    undo.push('namespace', 1000, step('remove namespace'));
    undo.push('cordon', 1000, step('uncordon'), step('ready'));
    undo.push('node', 1000, step('start node'), () => Promise.reject(new Error('it is silent')));
    const errors = await undo.unwind();
    assert.deepEqual(order, ['start node', 'uncordon', 'ready', 'remove namespace']);
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['undo: node, until it is back: it is silent'],
    );
  });

  it('undoes nothing twice', async () => {
    const undo = new Undo();
    let count = 0;
    undo.push('once', 1000, async () => void count++);
    await undo.unwind();
    await undo.unwind();
    assert.equal(count, 1);
  });
});
