import assert from 'node:assert/strict';
import type { ArmFindings } from '../model/finding.ts';
import { countedTwice } from './recorded-once.ts';

const counted = (experiment: string, name: string, from: number, to: number, ...podUids: string[]) => ({
  experiment,
  arm: { name, recorded: { from, to, podUids } } as unknown as ArmFindings,
});

const said = (...all: ReturnType<typeof counted>[]) =>
  Object.fromEntries([...countedTwice(all)].map(([experiment, words]) => [experiment, words]));

describe('recordings of a run', () => {
  it('count once each, in any order, if they were made one after another', () =>
    assert.deepEqual(
      said(counted('b', 'x', 20, 30, '3'), counted('a', 'x', 0, 10, '1'), counted('a', 'y', 10, 20, '2')),
      {},
    ));

  it('with the same pods do not count for either experiment', () => {
    const words = ['a/x and b/y have the same pods'];
    assert.deepEqual(said(counted('a', 'x', 0, 10, '1', '2'), counted('b', 'y', 20, 30, '2')), { a: words, b: words });
  });

  it('with overlapping times do not count for either, even if one contains the other', () => {
    const all = [counted('a', 'x', 0, 100, '1'), counted('a', 'y', 10, 20, '2'), counted('a', 'z', 30, 40, '3')];
    assert.deepEqual(said(...all).a, [
      'a/x and a/y were recorded at the same time',
      'a/x and a/z were recorded at the same time',
    ]);
  });

  it('with the same name and experiment are one that is counted twice', () =>
    assert.deepEqual(said(counted('a', 'x', 0, 10, '1'), counted('a', 'x', 0, 10, '1')).a, [
      'a/x is counted more than once',
    ]));

  it('with the same id are one recording', () => {
    const withId = (name: string, from: number) => {
      const { arm, ...rest } = counted('a', name, from, from + 1, name);
      return { ...rest, arm: { ...arm, recorded: { ...arm.recorded, id: 'one' } } as ArmFindings };
    };
    assert.deepEqual(said(withId('x', 0), withId('y', 20)).a, ['a/x and a/y are the same recording']);
  });

  it('with overlapping times count if they were made on different clusters', () => {
    const on = (cluster: string, name: string) => {
      const { arm, ...rest } = counted('a', name, 0, 10, name);
      return { ...rest, arm: { ...arm, recorded: { ...arm.recorded, origin: { cluster } } } as ArmFindings };
    };
    assert.deepEqual(said(on('one', 'x'), on('other', 'y')), {});
    assert.deepEqual(said(on('one', 'x'), on('one', 'y')).a, ['a/x and a/y were recorded at the same time']);
  });

  it('that do not exist are ignored', () => {
    const nothing = { experiment: 'a', arm: { name: 'y' } as unknown as ArmFindings };
    assert.deepEqual(said(counted('a', 'x', 0, 10, '1'), nothing as never), {});
  });
});
