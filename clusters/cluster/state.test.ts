import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { existingCluster } from './existing.ts';
import { checkClusterName, clusterNames, readCluster } from './state.ts';

describe('cluster state', () => {
  const before = process.env.XDG_STATE_HOME;
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-state-'));
    process.env.XDG_STATE_HOME = folder;
  });

  afterEach(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME;
    else process.env.XDG_STATE_HOME = before;
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string) => {
    mkdirSync(join(folder, 'holdfast/clusters'), { recursive: true });
    writeFileSync(join(folder, 'holdfast/clusters', `${name}.json`), text);
  };

  it('knows of nothing at first', () => {
    assert.equal(readCluster('lab'), undefined);
    assert.deepEqual(clusterNames(), []);
  });

  it('lists what is recorded', () => {
    write('two', '{"name":"two"}');
    write('one', '{"name":"one"}');
    assert.deepEqual(clusterNames(), ['one', 'two']);
  });

  it('says how to get rid of a damaged record', () => {
    write('lab', '{"name":');
    assert.throws(() => readCluster('lab'), /damaged .*cluster down --cluster lab/s);
  });

  it('refuses names that could leave the folder', () => {
    for (const name of ['../lab', 'Lab', '', 'lab-', 'a'.repeat(21), 'lab/x']) {
      assert.throws(() => checkClusterName(name), /cannot be a cluster's name/, name);
    }
    checkClusterName('lab-2');
  });

  it('says which clusters there are when the wanted one is not', () => {
    write('one', '{"name":"one"}');
    assert.throws(() => existingCluster('lab'), /no cluster lab\. There is: one\./);
  });
});
