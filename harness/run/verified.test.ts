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

describe('an arm that was run', () => {
  const asked: object[] = [];
  const verify = async (options: object) => void asked.push(options);
  beforeEach(() => void asked.splice(0));
  const run = (running: Promise<void>, arm = disrupting('drain'), its = verify, kept?: string) =>
    verified(running, arm, { verify: its, kept });

  it('is over when the cluster is as it was made, but for what was kept', async () => {
    await run(Promise.resolve());
    await run(Promise.resolve(), disrupting('drain', 'node-kill', 'network-card-down'), verify, 'holdfast-arm');
    assert.deepEqual(asked, [
      { routes: false, kept: undefined },
      { routes: true, kept: 'holdfast-arm' },
    ]);
  });

  it('needs no verifying where nothing was disrupted', async () => {
    await run(Promise.resolve(), disrupting());
    assert.deepEqual(asked, []);
  });

  it('is verified when it was interrupted, too', async () => {
    await assert.rejects(run(Promise.reject(interrupted)), interrupted);
    assert.equal(asked.length, 1);
  });

  it('was not put back where the cluster differs, whatever ended it', async () => {
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

  it('is not verified where it says itself that it was not put back', async () => {
    const notUndone = new NotUndone([new Error('undo: heal drain')], undefined, './holdfast heal');
    await assert.rejects(run(Promise.reject(notUndone)), notUndone);
    assert.deepEqual(asked, []);
  });
});
