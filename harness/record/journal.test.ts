import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Deed } from './deed.ts';
import { healFrom } from './heal.ts';
import { Journal, openDeeds } from './journal.ts';
import { FakeLab } from './lab.fake.ts';

const namespace = (name: string): Deed => ({ kind: 'namespace', namespace: `holdfast-${name}` });
const progress = { plan() {}, note() {}, now() {}, step: <T>(_title: string, work: () => Promise<T>) => work() };

describe('a journal', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-journal-'));
    path = join(folder, 'deeper', 'journal.ndjson');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const names = () => openDeeds(path).map(({ deed }) => (deed.kind === 'namespace' ? deed.namespace : deed.kind));

  it('holds what was intended and not undone, and goes when nothing is left', () => {
    const journal = new Journal(path);
    const first = journal.intend(namespace('a'));
    const second = journal.intend(namespace('b'));
    journal.undone(first);
    assert.deepEqual(names(), ['holdfast-b']);
    journal.close();
    assert.ok(existsSync(path));
    const next = new Journal(path);
    assert.ok(next.intend(namespace('c')) > second);
    for (const { seq } of openDeeds(path)) next.undone(seq);
    next.close();
    assert.ok(!existsSync(path));
  });

  it('ignores a last line that was cut off: nothing was done by it', () => {
    new Journal(path).intend(namespace('a'));
    const whole = readFileSync(path, 'utf8');
    appendFileSync(path, whole.slice(0, whole.length / 2));
    assert.deepEqual(names(), ['holdfast-a']);
  });

  it('goes on after a last line that was cut off, wherever that was', () => {
    const whole = () => readFileSync(path, 'utf8');
    new Journal(path).intend(namespace('a'));
    const line = whole().replace('"seq":1', '"seq":2').replace('holdfast-a', 'holdfast-b');
    for (const length of [1, line.length / 2, line.length - 1]) {
      writeFileSync(path, `${line.replace('"seq":2', '"seq":1')}${line.slice(0, length)}`);
      const open = openDeeds(path);
      const journal = new Journal(path);
      for (const { seq } of open) journal.undone(seq);
      journal.intend(namespace('c'));
      assert.deepEqual(names(), ['holdfast-c'], `cut after ${length}`);
    }
  });

  it('is refused where a line is none of ours', () => {
    new Journal(path).intend(namespace('a'));
    for (const line of ['rm -rf /', '{"seq":2,"deed":{"kind":"run","command":"reboot"}}', '{"seq":2}']) {
      writeFileSync(path, `${line}\n${readFileSync(path, 'utf8').split('\n').at(-2)}\n`);
      assert.throws(() => openDeeds(path), /journal\.ndjson:1: not a line of a journal/);
    }
  });

  it('takes no name that leads out of what is ours', () => {
    for (const deed of [
      { kind: 'namespace', namespace: 'kube-system' },
      { kind: 'evidence', evidencePath: '../../etc' },
      { kind: 'evidence', evidencePath: '/etc' },
      { kind: 'conntrack', node: 'a; reboot' },
    ]) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify({ seq: 1, deed })}\n`);
      assert.throws(() => openDeeds(path), /not a line of a journal/, JSON.stringify(deed));
    }
  });

  it('heals from what it holds, last in, first out, and is gone afterwards', async () => {
    const lab = new FakeLab(folder, 'run');
    const removed: string[] = [];
    const remove = lab.kube.remove.bind(lab.kube);
    lab.kube.remove = async (ref) => {
      removed.push(ref.name);
      await remove(ref);
    };
    const journal = new Journal(path);
    journal.intend(namespace('a'));
    journal.intend(namespace('b'));
    assert.deepEqual(await healFrom(path, lab, progress), []);
    assert.deepEqual(removed, ['holdfast-b', 'holdfast-a']);
    assert.ok(!existsSync(path));
  });

  it('keeps what could not be undone', async () => {
    const lab = new FakeLab(folder, 'run');
    lab.assertOurs = () => Promise.reject(new Error('its nodes are other containers'));
    new Journal(path).intend(namespace('a'));
    const [error] = await healFrom(path, lab, progress);
    assert.match(error?.message ?? '', /remove namespace holdfast-a: its nodes are other containers/);
    assert.deepEqual(names(), ['holdfast-a']);
  });
});
