import assert from 'node:assert/strict';
import type { Disruption } from '../model/experiment.ts';
import { NotUndone } from '../record/undo/undo.ts';
import { verified } from './verified.ts';

const disrupting = (...faults: string[]) => ({
  disruptions: faults.map(
    (name): Disruption => ({ id: name, when: { atMs: 0 }, fault: { name, params: {} }, limitMs: 1 }),
  ),
});
const interrupted = new Error('interrupted by SIGINT');
const dirty = () => Promise.reject(new Error('node w1 is exited'));

describe('an arm that has run', () => {
  const asked: object[] = [];
  const verify = async (options: object) => void asked.push(options);
  beforeEach(() => void asked.splice(0));
  const run = (running: Promise<void>, arm = disrupting('drain'), its = verify, kept: string[] = []) =>
    verified(running, arm, { verify: its, kept });

  it('ends when the cluster is in its original state, except for kept namespaces', async () => {
    await run(Promise.resolve());
    await run(Promise.resolve(), disrupting('drain', 'node-kill', 'network-card-down'), verify, ['holdfast-arm']);
    assert.deepEqual(asked, [
      { routes: false, kept: [] },
      { routes: true, kept: ['holdfast-arm'] },
    ]);
  });

  it('is not verified if it had no disruption', async () => {
    await run(Promise.resolve(), disrupting());
    assert.deepEqual(asked, []);
  });

  it('is also verified after an interrupt', async () => {
    await assert.rejects(run(Promise.reject(interrupted)), interrupted);
    assert.equal(asked.length, 1);
  });

  it('is not undone if the cluster differs, for any error of the arm', async () => {
    await assert.rejects(run(Promise.resolve(), disrupting('drain'), dirty), (error: Error) => {
      assert.ok(error instanceof NotUndone);
      assert.equal(error.message, 'node w1 is exited\nUndo the changes: ./holdfast cluster reset');
      return true;
    });
    await assert.rejects(run(Promise.reject(interrupted), disrupting('drain'), dirty), (error: Error) => {
      assert.ok(error instanceof NotUndone);
      assert.match(error.message, /^interrupted by SIGINT\nnode w1 is exited\n/);
      return true;
    });
  });

  it('is not verified if it could not be undone itself', async () => {
    const notUndone = new NotUndone([new Error('undo: heal drain')], undefined, './holdfast heal');
    await assert.rejects(run(Promise.reject(notUndone)), notUndone);
    assert.deepEqual(asked, []);
  });
});
