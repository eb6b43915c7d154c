import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellFor } from '../docker/docker.ts';

describe('oci-runtime.sh', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oci-runtime-'));
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin/runc'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const wrapper = join(import.meta.dirname, 'oci-runtime.sh');
  const run = async (...args: string[]) =>
    (await shellFor({ PATH: `${folder}/bin:${process.env.PATH}` })`${wrapper} ${args}`).stdout;

  const others = ['CAP_CHOWN', 'CAP_SYS_ADMIN'];
  const sets = (names: string[]) => ({
    bounding: names,
    effective: names,
    inheritable: [],
    permitted: names,
    ambient: names,
  });
  const spec = (names: string[], args: string[] = ['sh']) => ({
    process: { args, capabilities: sets(names) },
    hostname: 'n',
  });

  async function afterCreate(config: object, indent?: number) {
    await writeFile(join(folder, 'config.json'), JSON.stringify(config, null, indent));
    await run('--root', '/run/x', 'create', '--bundle', folder, '--pid-file', 'p', 'id');
    return JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
  }

  const places: [string, string[]][] = [
    ['first', ['CAP_SYS_RESOURCE', ...others]],
    ['in the middle', ['CAP_CHOWN', 'CAP_SYS_RESOURCE', 'CAP_SYS_ADMIN']],
    ['last', [...others, 'CAP_SYS_RESOURCE']],
  ];
  for (const [place, names] of places) {
    it(`removes the capability if it is ${place}, in compact and in indented JSON`, async () => {
      assert.deepEqual(await afterCreate(spec(names)), spec(others));
      assert.deepEqual(await afterCreate(spec(names), 2), spec(others));
    });
  }

  it('removes the capability from a set that contains nothing else', async () => {
    assert.deepEqual(await afterCreate(spec(['CAP_SYS_RESOURCE'])), spec([]));
  });

  it('does not change arguments and variables with the same text', async () => {
    const args = ['capsh', 'CAP_SYS_RESOURCE', '{"bounding":["CAP_SYS_RESOURCE"]}', 'CAP_SYS_RESOURCE'];
    assert.deepEqual(await afterCreate(spec([...others, 'CAP_SYS_RESOURCE'], args)), spec(others, args));
  });

  it('edits the process of an exec, with both forms of the option', async () => {
    const file = join(folder, 'process.json');
    for (const args of [
      ['exec', '--process', file, 'id'],
      ['exec', `--process=${file}`, 'id'],
    ]) {
      await writeFile(file, JSON.stringify({ capabilities: sets([...others, 'CAP_SYS_RESOURCE']) }));
      await run(...args);
      assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), { capabilities: sets(others) });
    }
    assert.deepEqual((await readdir(folder)).sort(), ['bin', 'process.json']);
  });

  it('passes on every argument unchanged', async () => {
    assert.equal(await run('--log', '/a b/log', 'kill', 'id', '$HOME "9"'), '--log\n/a b/log\nkill\nid\n$HOME "9"\n');
  });
});
