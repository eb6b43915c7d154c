import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellFor } from '../docker/docker.ts';
import { ownerEnv } from './owner.ts';

describe('the docker client for kind', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast docker-'));
    await writeFile(join(folder, 'docker'), '#!/bin/sh\nprintf "<%s>" "$@"\n', { mode: 0o755 });
  });

  afterEach(() => rm(folder, { recursive: true }));

  const said = async (...args: string[]) => {
    const env = await ownerEnv('0a', { PATH: `${folder}:${process.env.PATH}` });
    return (await shellFor(env)`docker ${args}`).stdout;
  };

  it('labels each new container with its owner, and changes no argument', async () => {
    assert.equal(
      await said('run', '--name', 'lab-worker', '--label', 'a=b c', 'image', '*', ''),
      '<run><--label><io.holdfast.owner=0a><--name><lab-worker><--label><a=b c><image><*><>',
    );
  });

  it('changes no other command', async () => {
    assert.equal(await said('exec', '--privileged', 'lab-worker', 'run'), '<exec><--privileged><lab-worker><run>');
    assert.equal(await said('network', 'inspect', 'run'), '<network><inspect><run>');
  });
});
