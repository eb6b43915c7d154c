import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellFor } from '../docker/docker.ts';
import { writeImageArchive, writeLayer } from './image-archive.ts';

describe('writeImageArchive', () => {
  const $ = shellFor();
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-image-'));
    mkdirSync(join(folder, 'tree'));
    writeFileSync(join(folder, 'tree/hello'), 'hello');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const sha256 = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex');

  const archive = async (name: string) => {
    await writeLayer($, join(folder, 'tree'), join(folder, 'layer.tar'));
    const image = { tag: 'lab:1', layers: [join(folder, 'layer.tar')], config: { Entrypoint: ['/hello'] } };
    await writeImageArchive($, [image, { ...image, tag: 'lab:2' }], join(folder, name));
    await $`tar --extract --file=${join(folder, name)} --directory=${folder}`;
    return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  };

  it('names layers by their content, and includes each once', async () => {
    const manifest = await archive('images.tar');
    const layer = `${sha256('layer.tar')}.tar`;
    assert.deepEqual(
      manifest.map(({ RepoTags, Layers }: { RepoTags: string[]; Layers: string[] }) => [RepoTags, Layers]),
      [
        [['lab:1'], [layer]],
        [['lab:2'], [layer]],
      ],
    );
    const config = JSON.parse(readFileSync(join(folder, manifest[0].Config), 'utf8'));
    assert.deepEqual(config.rootfs.diff_ids, [`sha256:${sha256('layer.tar')}`]);
    assert.deepEqual(config.config, { Entrypoint: ['/hello'] });
  });

  it('writes the same bytes for the same content', async () => {
    await archive('one.tar');
    writeFileSync(join(folder, 'tree/hello'), 'hello');
    await archive('other.tar');
    assert.equal(sha256('one.tar'), sha256('other.tar'));
  });
});
